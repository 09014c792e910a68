# Fermat to base 2 leaves few pseudoprimes; those are tried by division.
from math import isqrt

a, b = map(int, input().split())
small = [p for p in range(2, 1000) if all(p % d for d in range(2, isqrt(p) + 1))]
count = 0
for n in range(a, b + 1):
    if n < 10**6:
        count += n > 1 and all(n % p for p in small if p * p <= n)
    elif n % 2 and n % 3 and n % 5 and n % 7 and n % 11 and pow(2, n - 1, n) == 1 == pow(3, n - 1, n):
        count += all(pow(base, n - 1, n) == 1 for base in (5, 7, 11)) and all(n % p for p in small)
print(count)

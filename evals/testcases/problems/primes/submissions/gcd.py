# A number has a small factor exactly if it is not coprime to the product of the small primes.
from math import gcd, isqrt, prod

a, b = map(int, input().split())
small = [p for p in range(2, 200) if all(p % q for q in range(2, isqrt(p) + 1))]
P = prod(small)
found = sum(a <= p <= b for p in small)


def strong(n, base):
    d, s = n - 1, 0
    while d % 2 == 0:
        d, s = d // 2, s + 1
    x = pow(base, d, n)
    return x in (1, n - 1) or any((x := x * x % n) == n - 1 for _ in range(s - 1))


for n in range(max(a, 200), b + 1):
    if gcd(n, P) == 1 and all(strong(n, base) for base in (2, 3, 5, 7, 11)):
        found += 1
print(found)

import sys

a, b = map(int, sys.stdin.read().split())
r = int(b**0.5) + 2
sieve = [True] * (r + 1)
primes = []
for i in range(2, r + 1):
    if sieve[i]:
        primes.append(i)
        sieve[i * i :: i] = [False] * len(sieve[i * i :: i])
flags = [True] * (b - a + 1)
for p in primes:
    if p * p > b:
        break
    start = max(p * p, (a + p - 1) // p * p) - a
    if start <= b - a:
        flags[start::p] = [False] * ((b - a - start) // p + 1)
print(flags.count(True) - (1 if a == 1 else 0))

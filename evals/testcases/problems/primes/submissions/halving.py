from math import isqrt


def primes_to(n):
    if n < 2:
        return []
    half = primes_to(isqrt(n))
    flags = bytearray([1]) * (n + 1)
    for p in half:
        flags[p * p :: p] = bytes(len(range(p * p, n + 1, p)))
    return [i for i in range(2, n + 1) if flags[i]]


a, b = map(int, input().split())
numbers = bytearray([1]) * (b - a + 1)
for p in primes_to(isqrt(b)):
    start = max(2, -(-a // p)) * p
    numbers[start - a :: p] = bytes(len(range(start, b + 1, p)))
print(sum(numbers) - (a < 2))

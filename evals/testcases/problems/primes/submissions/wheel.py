from math import isqrt

a, b = map(int, input().split())
limit = isqrt(b)
is_prime = bytearray([1]) * (limit + 1)
for p in range(2, isqrt(limit) + 1):
    if is_prime[p]:
        is_prime[p * p :: p] = bytes(len(range(p * p, limit + 1, p)))
left = [n for n in range(a, b + 1) if n > 1 and (n in (2, 3, 5) or (n % 2 and n % 3 and n % 5))]
alive = dict.fromkeys(left)
for p in range(7, limit + 1):
    if is_prime[p]:
        for multiple in range(max(p * p, -(-a // p) * p), b + 1, p):
            alive.pop(multiple, None)
print(len(alive))

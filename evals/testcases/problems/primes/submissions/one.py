from math import isqrt

a, b = map(int, input().split())
limit = isqrt(b)
small = bytearray([1]) * (limit + 1)
marks = bytearray([1]) * (b - a + 1)
for p in range(2, limit + 1):
    if small[p]:
        small[p * p :: p] = bytes(len(range(p * p, limit + 1, p)))
        first = max(p * p, -(-a // p) * p)
        marks[first - a :: p] = bytes(len(range(first, b + 1, p)))
print(sum(marks))

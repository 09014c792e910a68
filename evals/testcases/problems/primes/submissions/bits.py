from math import isqrt

a, b = map(int, input().split())
root = isqrt(b)
odd = bytearray([1]) * (root // 2 + 1)  # index i stands for 2i + 1
odd[0] = 0
for i in range(1, (isqrt(root) + 1) // 2 + 1):
    if odd[i]:
        p = 2 * i + 1
        odd[p * p // 2 :: p] = bytes(len(range(p * p // 2, len(odd), p)))
first = a | 1
window = bytearray([1]) * ((b - first) // 2 + 1 if b >= first else 0)
for i in range(1, len(odd)):
    p = 2 * i + 1
    if odd[i] and p <= root:
        s = max(p * p, (first + p - 1) // p * p)
        s += 0 if s % 2 else p
        window[(s - first) // 2 :: p] = bytes(len(range((s - first) // 2, len(window), p)))
if window and first == 1:
    window[0] = 0
print(sum(window) + (a <= 2 <= b))

a, b = map(int, input().split())
n = b - a + 1
composite = set()
size = int(b**0.5) + 1
known = bytearray(size + 1)
for p in range(2, size + 1):
    if known[p]:
        continue
    known[p * p :: p] = b"\1" * len(known[p * p :: p])
    k = max(p, -(-a // p))
    composite.update(range(k * p, b + 1, p))
print(n - len(composite) - (a == 1))

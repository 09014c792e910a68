n, m = map(int, input().split())
edges = sorted((tuple(map(int, input().split())) for _ in range(m)), key=lambda e: e[2])
seen, total, taken = {1}, 0, 0
for a, b, c in edges:
    if not (a in seen and b in seen) and a != b:
        seen |= {a, b}
        total += c
        taken += 1
print(total if len(seen) == n and taken >= n - 1 else "IMPOSSIBLE")

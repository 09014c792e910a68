n, m = map(int, input().split())
edges = sorted((tuple(map(int, input().split())) for _ in range(m)), key=lambda e: e[2])
p = list(range(n + 1))


def find(x):
    while p[x] != x:
        p[x] = p[p[x]]
        x = p[x]
    return x


total, joined = 0, 1
for a, b, c in edges:
    a, b = find(a), find(b)
    if a != b:
        p[a] = b
        total += c
        joined += 1
print(total if joined == n else "IMPOSSIBLE")

n, m = map(int, input().split())
edges = sorted((tuple(map(int, input().split())) for _ in range(m)), key=lambda e: e[2])
p = list(range(n + 1))


def find(x):
    while p[x] != x:
        x = p[x]
    return x


total = 0
for a, b, c in edges:
    a, b = find(a), find(b)
    if a != b:
        p[a] = b
        total += c
print(total if m >= n - 1 else "IMPOSSIBLE")

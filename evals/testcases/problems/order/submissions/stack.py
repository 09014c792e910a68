n, m = map(int, input().split())
g, d = [[] for _ in range(n)], [0] * n
for _ in range(m):
    a, b = (int(t) - 1 for t in input().split())
    g[a].append(b)
    d[b] += 1
stack = [x for x in range(n) if d[x] == 0]
out = []
while stack:
    x = stack.pop()
    out.append(x + 1)
    for y in g[x]:
        d[y] -= 1
        if d[y] == 0:
            stack.append(y)
print(*out if len(out) == n else ("NONE",))

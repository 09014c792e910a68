n, m = map(int, input().split())
g = [[] for _ in range(n + 1)]
for _ in range(m):
    a, b = map(int, input().split())
    g[a].append(b)
    g[b].append(a)
seen = set()


def visit(x):
    seen.add(x)
    return 1 + sum(visit(y) for y in g[x] if y not in seen)


sizes = [visit(x) for x in range(1, n + 1) if x not in seen]
print(len(sizes), max(sizes))

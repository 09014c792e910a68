n, m = map(int, input().split())
pairs = {frozenset(input().split()) for _ in range(m)}
degree = {}
for pair in pairs:
    for x in pair:
        degree[x] = degree.get(x, 0) + 1
print(n - len(pairs), 1 + max(degree.values(), default=0))

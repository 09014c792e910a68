n, m = map(int, input().split())
order = list(range(1, n + 1))
edges = [tuple(map(int, input().split())) for _ in range(m)]
for a, b in edges:
    i, j = order.index(a), order.index(b)
    if i > j:
        order[i], order[j] = order[j], order[i]
print(*(["NONE"] if any(order.index(a) > order.index(b) for a, b in edges) else order))

n, m = map(int, input().split())
edges = [tuple(map(int, input().split())) for _ in range(m)]
rank = [0] * (n + 1)
for round_ in range(n + 1):
    changed = False
    for a, b in edges:
        if rank[b] <= rank[a]:
            rank[b] = rank[a] + 1
            changed = True
    if not changed:
        break
print("NONE" if changed else " ".join(map(str, sorted(range(1, n + 1), key=rank.__getitem__))))

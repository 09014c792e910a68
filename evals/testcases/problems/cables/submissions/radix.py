# Radix order by length first (two passes of 15 bits), then the usual joining.
n, m = map(int, input().split())
edges = [tuple(map(int, input().split())) for _ in range(m)]
for shift in (0, 15):
    buckets = {}
    for e in edges:
        buckets.setdefault(e[2] >> shift & 32767, []).append(e)
    edges = [e for k in sorted(buckets) for e in buckets[k]]
label = list(range(n + 1))
groups = [[i] for i in range(n + 1)]
total = 0
for a, b, c in edges:
    x, y = label[a], label[b]
    if x != y:
        if len(groups[x]) < len(groups[y]):
            x, y = y, x
        for v in groups[y]:
            label[v] = x
        groups[x].extend(groups[y])
        total += c
print(total if len(set(label[1:])) == 1 else "IMPOSSIBLE")

import sys

n, m, *d = map(int, sys.stdin.read().split())
edges = list(zip(d[2::3], d[::3], d[1::3]))
group = list(range(n + 1))
members = {i: [i] for i in range(1, n + 1)}
total = 0
while len(members) > 1:
    cheapest = {}
    for i, (c, a, b) in enumerate(edges):
        x, y = group[a], group[b]
        if x != y:
            for g in (x, y):
                if g not in cheapest or (c, i) < cheapest[g]:
                    cheapest[g] = (c, i)
    if not cheapest:
        break
    for c, i in set(cheapest.values()):
        x, y = group[edges[i][1]], group[edges[i][2]]
        if x == y:
            continue
        if len(members[x]) < len(members[y]):
            x, y = y, x
        total += c
        for v in members[y]:
            group[v] = x
        members[x] += members.pop(y)
print(total if len(members) == 1 else "IMPOSSIBLE")

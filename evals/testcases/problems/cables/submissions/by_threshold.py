# The sum of an integer per kept edge: count the groups that are left at each different length.
from itertools import groupby

n, m = map(int, input().split())
edges = sorted((list(map(int, input().split())) for _ in range(m)), key=lambda e: e[2])
up = list(range(n + 1))


def find(x):
    root = x
    while up[root] != root:
        root = up[root]
    while up[x] != root:
        up[x], x = root, up[x]
    return root


groups, total = n, 0
for length, same in groupby(edges, key=lambda e: e[2]):
    before = groups
    for a, b, _ in same:
        a, b = find(a), find(b)
        if a != b:
            up[a] = b
            groups -= 1
    total += length * (before - groups)
print(total if groups == 1 else "IMPOSSIBLE")

from collections import Counter

n, m = map(int, input().split())
root = {}


def find(x):
    while root.setdefault(x, x) != x:
        root[x] = root[root[x]]
        x = root[x]
    return x


for _ in range(m):
    a, b = map(find, input().split())
    root[a] = b
sizes = Counter(map(find, list(root)))
print(len(sizes), max(sizes.values(), default=1))

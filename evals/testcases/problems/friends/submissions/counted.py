from collections import Counter

n, m = map(int, input().split())
root = {}


def find(x):
    path = []
    while x in root:
        path.append(x)
        x = root[x]
    for p in path:
        root[p] = x
    return x


for _ in range(m):
    a, b = (find(int(t)) for t in input().split())
    if a != b:
        root[a] = b
sizes = Counter(find(x) for x in range(1, n + 1))
print(len(sizes), sizes.most_common(1)[0][1])

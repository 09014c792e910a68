n, m = map(int, input().split())
parent = list(range(n + 1))


def find(x):
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


size = [1] * (n + 1)
groups = n
for _ in range(m):
    a, b = map(find, map(int, input().split()))
    if a != b:
        if size[a] < size[b]:
            a, b = b, a
        parent[b] = a
        size[a] += size[b]
        groups -= 1
print(groups, max(size[1:]))

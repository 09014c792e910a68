# Boruvka's way: each round every group points to its smallest neighbour, and the names are shortened.
n, m = map(int, input().split())
edges = [tuple(map(int, input().split())) for _ in range(m)]
name = list(range(n + 1))
while True:
    edges = [(name[a], name[b]) for a, b in edges if name[a] != name[b]]
    if not edges:
        break
    least = list(range(n + 1))
    for a, b in edges:
        if a < b:
            a, b = b, a
        least[a] = min(least[a], b)
    for x in range(n + 1):
        name[x] = least[name[x]]
    for x in range(1, n + 1):  # names fall, so that one pass in rising order is enough
        least[x] = least[least[x]]
    for x in range(n + 1):
        name[x] = least[name[x]]
count = [0] * (n + 1)
for x in name[1:]:
    count[x] += 1
print(n - count[1:].count(0), max(count))

import sys

n, m, *ends = map(int, sys.stdin.read().split())
friends = [[] for _ in range(n + 1)]
for a, b in zip(ends[::2], ends[1::2]):
    friends[a].append(b)
    friends[b].append(a)
seen = [False] * (n + 1)
sizes = []
for p in range(1, n + 1):
    if seen[p]:
        continue
    seen[p], todo, count = True, [p], 0
    while todo:
        x = todo.pop()
        count += 1
        for y in friends[x]:
            if not seen[y]:
                seen[y] = True
                todo.append(y)
    sizes.append(count)
print(len(sizes), max(sizes))

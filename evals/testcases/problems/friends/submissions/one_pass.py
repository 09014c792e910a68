from collections import Counter

n, m = map(int, input().split())
name = list(range(n + 1))
for _ in range(m):
    a, b = sorted(map(int, input().split()))
    name[b] = name[a]
sizes = Counter(name[1:])
print(len(sizes), max(sizes.values()))

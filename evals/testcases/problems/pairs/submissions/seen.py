from collections import defaultdict

n, k = map(int, input().split())
seen = defaultdict(int)
pairs = 0
for x in map(int, input().split()):
    pairs += seen[k - x]
    seen[x] += 1
print(pairs)

n = int(input())
merged = []
best = -(10**10)
for x in map(int, input().split()):
    best = max(best, x)
    while merged and merged[-1] > 0:
        x += merged.pop()
    best = max(best, x)
    merged.append(x)
print(best)

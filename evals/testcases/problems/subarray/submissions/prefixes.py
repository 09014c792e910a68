n = int(input())
total = low = 0
best = -(10**18)
for x in map(int, input().split()):
    total += x
    best = max(best, total - low)
    low = min(low, total)
print(best)

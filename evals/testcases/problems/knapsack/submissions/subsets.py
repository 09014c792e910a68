n, w = map(int, input().split())
things = [tuple(map(int, input().split())) for _ in range(n)]
best = 0
for mask in range(1 << n):
    weight = value = 0
    for i in range(n):
        if mask >> i & 1:
            weight += things[i][0]
            value += things[i][1]
    if weight <= w:
        best = max(best, value)
print(best)

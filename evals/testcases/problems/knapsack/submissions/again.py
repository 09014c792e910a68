n, w = map(int, input().split())
best = [0] * (w + 1)
for _ in range(n):
    a, v = map(int, input().split())
    for x in range(a, w + 1):
        best[x] = max(best[x], best[x - a] + v)
print(best[w])

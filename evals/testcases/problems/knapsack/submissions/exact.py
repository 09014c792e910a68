n, w = map(int, input().split())
best = [0] + [-(10**9)] * w
for _ in range(n):
    a, v = map(int, input().split())
    for x in range(w, a - 1, -1):
        best[x] = max(best[x], best[x - a] + v)
print(max(best[w], 0))

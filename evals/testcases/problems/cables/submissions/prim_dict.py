from heapq import heappop, heappush

n, m = map(int, input().split())
best = [{} for _ in range(n)]
for _ in range(m):
    a, b, c = map(int, input().split())
    if a != b:
        best[a - 1][b - 1] = min(c, best[a - 1].get(b - 1, c))
        best[b - 1][a - 1] = best[a - 1][b - 1]
cost = [10**18] * n
cost[0] = 0
inside = [False] * n
queue = [(0, 0)]
while queue:
    c, x = heappop(queue)
    if inside[x]:
        continue
    inside[x] = True
    for y, d in best[x].items():
        if not inside[y] and d < cost[y]:
            cost[y] = d
            heappush(queue, (d, y))
print(sum(cost) if all(inside) else "IMPOSSIBLE")

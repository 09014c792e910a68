import heapq

n, m = map(int, input().split())
near = [[] for _ in range(n + 1)]
for _ in range(m):
    a, b, c = map(int, input().split())
    near[a].append((b, c))
    near[b].append((a, c))
heap, done, total = [(0, 0, 1)], set(), 0
while heap:
    d, c, x = heapq.heappop(heap)
    if x not in done:
        done.add(x)
        total += c
        for y, e in near[x]:
            heapq.heappush(heap, (d + e, e, y))
print(total if len(done) == n else "IMPOSSIBLE")

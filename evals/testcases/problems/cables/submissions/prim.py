import heapq

n, m = map(int, input().split())
near = [[] for _ in range(n + 1)]
for _ in range(m):
    a, b, c = map(int, input().split())
    near[a].append((c, b))
    near[b].append((c, a))
heap, done, total = [(0, 1)], set(), 0
while heap and len(done) < n:
    c, x = heapq.heappop(heap)
    if x in done:
        continue
    done.add(x)
    total += c
    for edge in near[x]:
        if edge[1] not in done:
            heapq.heappush(heap, edge)
print(total if len(done) == n else "IMPOSSIBLE")

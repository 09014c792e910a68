import heapq

n, m = map(int, input().split())
edges = [tuple(map(int, input().split())) for _ in range(m)]
after, need = {x: [] for x in range(1, n + 1)}, dict.fromkeys(range(1, n + 1), 0)
for a, b in edges:
    after[a].append(b)
    need[b] += 1
heap = [x for x in need if not need[x]]
out = []
while heap:
    x = heapq.heappop(heap)
    out.append(x)
    for y in after[x]:
        need[y] -= 1
        if not need[y]:
            heapq.heappush(heap, y)
print(" ".join(map(str, out)) if len(out) == n else "NONE")

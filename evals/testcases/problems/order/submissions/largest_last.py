import heapq

n, m = map(int, input().split())
before, need = [[] for _ in range(n + 1)], [0] * (n + 1)
for _ in range(m):
    a, b = map(int, input().split())
    before[b].append(a)
    need[a] += 1
heap = [-x for x in range(1, n + 1) if need[x] == 0]
heapq.heapify(heap)
out = []
while heap:
    x = -heapq.heappop(heap)
    out.append(x)
    for y in before[x]:
        need[y] -= 1
        if need[y] == 0:
            heapq.heappush(heap, -y)
print(*(out[::-1] if len(out) == n else ["NONE"]))

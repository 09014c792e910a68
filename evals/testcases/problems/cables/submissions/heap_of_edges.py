import heapq

n, m = map(int, input().split())
heap = []
for _ in range(m):
    a, b, c = map(int, input().split())
    heap.append((c, a, b))
heapq.heapify(heap)
parent = {}


def top(x):
    trail = []
    while x in parent:
        trail.append(x)
        x = parent[x]
    for t in trail:
        parent[t] = x
    return x


total = 0
missing = n - 1
while heap and missing:
    c, a, b = heapq.heappop(heap)
    a, b = top(a), top(b)
    if a != b:
        parent[a] = b
        total, missing = total + c, missing - 1
print("IMPOSSIBLE" if missing else total)

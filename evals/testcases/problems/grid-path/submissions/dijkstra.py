import heapq

h, w = map(int, input().split())
grid = [input() for _ in range(h)]
best = [[10**9] * w for _ in range(h)]
heap = []
if grid[0][0] == ".":
    best[0][0] = 0
    heap.append((0, 0, 0))
while heap:
    d, r, c = heapq.heappop(heap)
    if d > best[r][c]:
        continue
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        y, x = r + dr, c + dc
        if 0 <= y < h and 0 <= x < w and grid[y][x] != "#" and d + 1 < best[y][x]:
            best[y][x] = d + 1
            heapq.heappush(heap, (d + 1, y, x))
answer = best[h - 1][w - 1]
print(answer if answer < 10**9 else -1)

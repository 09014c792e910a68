import heapq

h, w = map(int, input().split())
g = [input() for _ in range(h)]
open_ = [(h + w - 2, 0, 0, 0)] if g[0][0] == "." and g[h - 1][w - 1] == "." else []
closed = set()
while open_:
    f, d, r, c = heapq.heappop(open_)
    if (r, c) in closed:
        continue
    closed.add((r, c))
    if (r, c) == (h - 1, w - 1):
        print(-d)
        break
    for y, x in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
        if 0 <= y < h and 0 <= x < w and g[y][x] == "." and (y, x) not in closed:
            heapq.heappush(open_, (-d + 1 + h - 1 - y + w - 1 - x, d - 1, y, x))
else:
    print(-1)

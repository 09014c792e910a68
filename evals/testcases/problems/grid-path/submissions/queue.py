from collections import deque

h, w = map(int, input().split())
g = [input() for _ in range(h)]
if g[0][0] == "#" or g[-1][-1] == "#":
    print(-1)
    raise SystemExit
dist = {(0, 0): 0}
todo = deque(dist)
while todo:
    r, c = todo.popleft()
    for a, b in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
        if 0 <= a < h and 0 <= b < w and g[a][b] == "." and (a, b) not in dist:
            dist[a, b] = dist[r, c] + 1
            todo.append((a, b))
print(dist.get((h - 1, w - 1), -1))

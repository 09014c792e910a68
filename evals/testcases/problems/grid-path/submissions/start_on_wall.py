h, w = map(int, input().split())
g = [input() for _ in range(h)]
seen, front, steps = {(0, 0)}, [(0, 0)], 0
while front and (h - 1, w - 1) not in front:
    new = []
    for r, c in front:
        for y, x in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= y < h and 0 <= x < w and g[y][x] == "." and (y, x) not in seen:
                seen.add((y, x))
                new.append((y, x))
    front, steps = new, steps + 1
print(steps if front else -1)

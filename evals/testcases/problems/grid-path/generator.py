import sys
from random import random

from cyaron import randint

case = int(sys.argv[1])
h, w = (randint(1, 5), randint(1, 5)) if case <= 20 else (randint(6, 40), randint(6, 40))
if case > 46:
    h = w = 149
walls = [0.0, 0.15, 0.3, 0.4][case % 4]
if case % 5 == 0:  # a maze: a random tree over every other square
    h, w = h | 1, w | 1
    rows, columns = (h + 1) // 2, (w + 1) // 2
    grid = [["#"] * w for _ in range(h)]
    for r in range(rows):
        for c in range(columns):
            grid[2 * r][2 * c] = "."
            if r or c:
                up = c == 0 or (r > 0 and random() < 0.5)
                grid[2 * r - up][2 * c - (not up)] = "."
    for _ in range(randint(0, 2)):
        grid[randint(0, h - 1)][randint(0, w - 1)] = "."
else:
    grid = [["#" if random() < walls else "." for _ in range(w)] for _ in range(h)]
    if case % 7:
        grid[0][0] = grid[-1][-1] = "."
if case == 49:  # a snake
    grid = [["." if r % 2 == 0 or c == (w - 1 if r % 4 == 1 else 0) else "#" for c in range(w)] for r in range(h)]
print(h, w)
for row in grid:
    print("".join(row))

import sys

h, w, *rows = sys.stdin.read().split()
h, w = int(h), int(w)
W = w + 1
cells = list("#".join(rows) + "#" * (W + 1))
goal = (h - 1) * W + w - 1
steps, front = 0, [0] if cells[0] == "." and cells[goal] == "." else []
if front:
    cells[0] = "#"
while front and goal not in front:
    following = []
    for p in front:
        for q in (p + 1, p - 1, p + W, p - W):
            if 0 <= q < h * W and cells[q] == ".":
                cells[q] = "#"
                following.append(q)
    front, steps = following, steps + 1
print(steps if front else -1)

# A whole front as one big integer; a wall column between the rows stops the shifts.
h, w = map(int, input().split())
free = 0
for r in range(h):
    for c, x in enumerate(input()):
        if x == ".":
            free |= 1 << (r * (w + 1) + c)
goal = 1 << ((h - 1) * (w + 1) + w - 1)
front, steps = (1 & free if goal & free else 0), 0
while front and not front & goal:
    free &= ~front
    front = (front << 1 | front >> 1 | front << w + 1 | front >> w + 1) & free
    steps += 1
print(steps if front else -1)

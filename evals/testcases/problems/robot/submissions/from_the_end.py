# Read from the end: a turn turns all that was moved after it, and the final direction with it.
w, h, n = map(int, input().split())
commands = [input().split() for _ in range(n)]
x, y, look = 0, 0, (0, 1)
for c in reversed(commands):
    if c[0] == "L":
        x, y, look = -y, x, (-look[1], look[0])
    elif c[0] == "R":
        x, y, look = y, -x, (look[1], -look[0])
    else:
        y += int(c[1]) if c[0] == "F" else -int(c[1])
print(x % w, y % h, {(0, 1): "N", (1, 0): "E", (0, -1): "S", (-1, 0): "W"}[look])

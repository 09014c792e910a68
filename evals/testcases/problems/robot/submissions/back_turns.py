w, h, n = map(int, input().split())
dx, dy, x, y = 0, 1, 0, 0
for _ in range(n):
    c, *k = input().split()
    if c == "L":
        dx, dy = -dy, dx
    elif c == "R":
        dx, dy = dy, -dx
    else:
        if c == "B":
            dx, dy = -dx, -dy
        x, y = (x + dx * int(k[0])) % w, (y + dy * int(k[0])) % h
print(x, y, {(0, 1): "N", (1, 0): "E", (0, -1): "S", (-1, 0): "W"}[dx, dy])

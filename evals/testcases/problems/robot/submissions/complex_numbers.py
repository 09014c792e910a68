w, h, n = map(int, input().split())
x = y = 0
dx, dy = 0, 1
for _ in range(n):
    c, *k = input().split()
    if c == "L":
        dx, dy = -dy, dx
    elif c == "R":
        dx, dy = dy, -dx
    else:
        k = int(k[0]) if c == "F" else -int(k[0])
        x, y = (x + dx * k) % w, (y + dy * k) % h
print(x, y, {(0, 1): "N", (1, 0): "E", (0, -1): "S", (-1, 0): "W"}[dx, dy])

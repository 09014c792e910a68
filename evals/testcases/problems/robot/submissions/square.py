w, h, n = map(int, input().split())
x = y = d = 0
for _ in range(n):
    c, *k = input().split()
    if k:
        k = int(k[0]) * (1 if c == "F" else -1)
        x, y = x + k * (0, 1, 0, -1)[d], y + k * (1, 0, -1, 0)[d]
    else:
        d = (d + (1 if c == "R" else 3)) % 4
print(x % w, y % w, "NESW"[d])

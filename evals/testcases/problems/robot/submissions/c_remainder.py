w, h, n = map(int, input().split())
x = y = d = 0
for _ in range(n):
    c, *k = input().split()
    if k:
        k = int(k[0]) if (c == "F") == (d < 2) else -int(k[0])
        if d % 2:
            x += k
            x = x - w if x >= w else x + w if x < 0 else x
        else:
            y += k
            y = y - h if y >= h else y + h if y < 0 else y
    else:
        d = (d + (1 if c == "R" else 3)) % 4
print(x, y, "NESW"[d])

w, h, n = map(int, input().split())
left = dict(zip("NWSE", "WSEN"))
right = {b: a for a, b in left.items()}
x, y, d = 0, 0, "N"
for _ in range(n):
    words = input().split()
    if words[0] == "L":
        d = left[d]
    elif words[0] == "R":
        d = right[d]
    else:
        k = int(words[1]) * (1 if words[0] == "F" else -1)
        if d == "N":
            y += k
        elif d == "S":
            y -= k
        elif d == "E":
            x += k
        else:
            x -= k
        x, y = x % w, y % h
print(x, y, d)

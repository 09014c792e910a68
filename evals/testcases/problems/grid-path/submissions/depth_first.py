h, w = map(int, input().split())
g = [list(input()) for _ in range(h)]


def walk(r, c, d):
    if not (0 <= r < h and 0 <= c < w) or g[r][c] == "#":
        return -1
    if (r, c) == (h - 1, w - 1):
        return d
    g[r][c] = "#"
    for a, b in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        found = walk(r + a, c + b, d + 1)
        if found >= 0:
            return found
    return -1


print(walk(0, 0, 0))

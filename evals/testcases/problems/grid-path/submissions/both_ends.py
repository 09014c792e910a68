h, w = map(int, input().split())
g = [input() for _ in range(h)]


def spread(front, seen):
    new = set()
    for r, c in front:
        for y, x in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if 0 <= y < h and 0 <= x < w and g[y][x] == "." and (y, x) not in seen:
                seen.add((y, x))
                new.add((y, x))
    return new


def solve():
    if "#" in (g[0][0], g[-1][-1]):
        return -1
    a, b = {(0, 0)}, {(h - 1, w - 1)}
    seen_a, seen_b = set(a), set(b)
    steps = 0
    while a and b:
        if a & seen_b:
            return steps
        if len(a) <= len(b):
            a = spread(a, seen_a)
        else:
            b = spread(b, seen_b)
            if b & seen_a and not a & seen_b:
                return steps + 1
        steps += 1
    return -1


print(solve())

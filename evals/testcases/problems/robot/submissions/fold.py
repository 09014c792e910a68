from functools import reduce


def step(state, line):
    x, y, d = state
    if line == "L":
        return x, y, (d - 1) % 4
    if line == "R":
        return x, y, (d + 1) % 4
    k = int(line[1:]) * (-1) ** (line[0] == "B")
    return x + k * (0, 1, 0, -1)[d], y + k * (1, 0, -1, 0)[d], d


w, h, n = map(int, input().split())
x, y, d = reduce(step, (input().strip() for _ in range(n)), (0, 0, 0))
print(x % w, y % h, "NESW"[d])

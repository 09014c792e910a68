import sys


def solve():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, m = data[0], data[1]
    a, b, c = data[2::3], data[3::3], data[4::3]
    root = [-1] * (n + 1)
    left, length = n - 1, 0
    for i in sorted(range(m), key=c.__getitem__):
        x, y = a[i], b[i]
        while root[x] > 0:
            x = root[x]
        while root[y] > 0:
            y = root[y]
        if x == y:
            continue
        if root[x] > root[y]:
            x, y = y, x
        root[x] += root[y]
        root[y] = x
        length += c[i]
        left -= 1
    return "IMPOSSIBLE" if left else length


print(solve())

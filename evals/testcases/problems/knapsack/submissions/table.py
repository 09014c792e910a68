import sys

n, w, *rest = map(int, sys.stdin.read().split())
things = list(zip(rest[::2], rest[1::2]))
t = [[0] * (w + 1) for _ in range(n + 1)]
for i, (a, v) in enumerate(things, 1):
    for x in range(w + 1):
        t[i][x] = t[i - 1][x] if a > x else max(t[i - 1][x], t[i - 1][x - a] + v)
print(t[n][w])

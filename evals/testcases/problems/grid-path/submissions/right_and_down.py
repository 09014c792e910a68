h, w = map(int, input().split())
g = [input() for _ in range(h)]
INF = 10**9
d = [[INF] * (w + 1) for _ in range(h + 1)]
for r in range(h):
    for c in range(w):
        if g[r][c] == ".":
            d[r][c] = 0 if r == c == 0 else min(d[r - 1][c], d[r][c - 1]) + 1
print(d[h - 1][w - 1] if d[h - 1][w - 1] < INF else -1)

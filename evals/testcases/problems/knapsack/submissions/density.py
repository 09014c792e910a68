n, w = map(int, input().split())
things = [tuple(map(int, input().split())) for _ in range(n)]
total = 0
for a, v in sorted(things, key=lambda t: t[1] / t[0], reverse=True):
    if a <= w:
        w -= a
        total += v
print(total)

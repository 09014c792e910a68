n = int(input())
pts = [tuple(map(int, input().split())) for _ in range(n)]
ox, oy = pts[0]
total = 0
for (ax, ay), (bx, by) in zip(pts[1:], pts[2:]):
    total += (ax - ox) * (by - oy) - (bx - ox) * (ay - oy)
whole, half = divmod(abs(total), 2)
print(whole if not half else f"{whole}.5")

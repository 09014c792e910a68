from decimal import Decimal, getcontext

getcontext().prec = 60
n = int(input())
points = [tuple(map(Decimal, input().split())) for _ in range(n)]
area = sum((points[i][0] * (points[(i + 1) % n][1] - points[i - 1][1]) for i in range(n)), Decimal(0)) / 2
print(f"{abs(area):f}".replace(".0", "") if area % 1 == 0 else f"{abs(area):.1f}")

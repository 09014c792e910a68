from fractions import Fraction

n = int(input())
corners = [list(map(Fraction, input().split())) for _ in range(n)]
area = Fraction(0)
for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1]):
    area += (a * d - b * c) / 2
area = abs(area)
print(area if area.denominator == 1 else f"{area.numerator // 2}.5")

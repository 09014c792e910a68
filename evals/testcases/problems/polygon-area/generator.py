import sys

from cyaron import Polygon, Vector, randint

case = int(sys.argv[1])
limit = [3, 50, 10**4, 10**9, 10**9][(case - 1) // 10]
n = randint(3, 8) if case <= 20 else randint(9, 60)
n = min(n, (2 * limit + 1) ** 2)
if case > 48:
    n = 300
while True:
    points = Vector.random(n, [(-limit, limit), (-limit, limit)])
    corners = [tuple(map(int, p)) for p in Polygon.simple_polygon([tuple(p) for p in points]).points]
    if len(corners) >= 3:
        break
if case % 2:
    corners.reverse()
print(len(corners))
for x, y in corners:
    print(x, y)

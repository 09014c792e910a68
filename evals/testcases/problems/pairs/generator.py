import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(1, 8) if case <= 18 else randint(9, 300) if case <= 44 else 20000
top = [3, 30, 1000, 10**9][case % 4]
values = [x for (x,) in Vector.random(n, [(-top, top)], 1)]
k = randint(-top, top) if n == 1 or case % 2 else values[0] + values[-1]
if case % 10 == 9:
    k = 2 * values[0]
print(n, k)
print(*values)

import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(1, 10) if case <= 22 else randint(11, 200) if case <= 44 else 10000
top = [3, 20, 10**9][case % 3]
values = [x for (x,) in Vector.random(n, [(-top, top)], 1)]
if case % 7 == 0:
    values.sort(reverse=case % 2 == 0)
print(n)
print(*values)

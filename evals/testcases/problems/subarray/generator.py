import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(1, 8) if case <= 20 else randint(9, 300) if case <= 45 else 20000
top = [5, 100, 10**9][case % 3]
low, high = (-top, -1) if case % 8 == 0 else (-top, top)
print(n)
print(*(x for (x,) in Vector.random(n, [(low, high)], 1)))

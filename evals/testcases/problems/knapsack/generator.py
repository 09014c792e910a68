import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(1, 6) if case <= 20 else randint(7, 40)
top = 10 if case <= 20 else [30, 200, 1000][case % 3]
things = Vector.random(n, [(1, top), (1, top)], 1)
total = sum(weight for weight, _ in things)
print(n, min(1000, randint(0, total)))
for weight, value in things:
    print(weight, value)

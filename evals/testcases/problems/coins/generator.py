import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
k = randint(1, 4) if case <= 25 else randint(5, 12)
top = 15 if case <= 15 else 60 if case <= 35 else 2000
values = [v for (v,) in Vector.random(min(k, top), [(1, top)])]
if case % 2:
    values[0] = 1 if 1 not in values else values[0]
amount = 0 if case == 7 else randint(1, 40) if case <= 20 else randint(41, 2000)
print(len(values), amount)
print(*values)

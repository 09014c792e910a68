import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(0, 6) if case <= 20 else randint(7, 200) if case <= 45 else 10000
top = [10, 300, 10**9][case % 3]
length = max(1, top // [1, 5, 40][case % 3])
print(n)
for a, step in Vector.random(n, [(-top, top), (-length, length)], 1) if n else []:
    print(a, max(-(10**9), min(10**9, a + step)))

import sys

from cyaron import Vector, randint

case = int(sys.argv[1])
n = randint(1, 6) if case <= 15 else randint(7, 200) if case <= 42 else 20000
span = [8, 40, 10**9][case % 3]
print(n)
if case >= 48:  # all at once
    for _ in range(n):
        print(randint(0, 10**8), randint(9 * 10**8, 10**9))
else:
    for s, length in Vector.random(n, [(0, span - 1), (1, max(1, span // 3))], 1):
        print(s, min(s + length, 10**9))

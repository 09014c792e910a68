import sys

from cyaron import ati, randint

case = int(sys.argv[1])
n = randint(1, 4) if case <= 15 else randint(5, 40) if case <= 40 else randint(500, 1500)
top = ati([12, 100, 5e4, 1e9, 1e9])[case % 5] if case <= 40 else 1000
print(n)
print(*(randint(1, top) for _ in range(n)))

import sys

from cyaron import ati, randint

case = int(sys.argv[1])
top = ati([30, 400, 1e5, 1e9, 1e11])[(case - 1) // 10]
width = min(top, 20000)
a = randint(1, top - width) if top > width else randint(1, top)
if case % 10 == 0:
    a = randint(2, int(top**0.5)) ** 2
print(a, min(top, a + randint(0, width)))

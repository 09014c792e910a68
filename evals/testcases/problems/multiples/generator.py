import sys

from cyaron import ati, randint

case = int(sys.argv[1])
limit = ati([20, 1e3, 1e6, 1e12, 1e18])[(case - 1) // 10]
q = randint(1, 200)
print(q)
for _ in range(q):
    print(randint(1, limit))

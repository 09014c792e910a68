import sys

from cyaron import String, randint

case = int(sys.argv[1])
n = randint(1, 6) if case <= 20 else randint(7, 100) if case <= 46 else 5000
top = [2, 9, 120, 10**9][case % 4]
names = set()
while len(names) < n:
    names.add(String.random((1, 2 if n < 10 else 8)))
print(n)
for name in sorted(names, key=lambda _: randint(0, 10**9)):
    print(name, randint(0, top), randint(0, top))

import sys

from cyaron import choice, randint

case = int(sys.argv[1])
top = [4, 30, 10**9][case % 3]
n = randint(1, 8) if case <= 20 else randint(9, 200) if case <= 45 else 5000
print(randint(1, top), randint(1, top), n)
for _ in range(n):
    command = choice("FBLR" if case % 2 else "FFBLRR")
    print(command, *([randint(1, 3 * top if top < 10**9 else top)] if command in "FB" else []))

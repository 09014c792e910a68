import sys

from cyaron import choice, randint

case = int(sys.argv[1])


def date():
    year = [randint(1990, 2030), randint(1, 9999), 100 * randint(1, 99)][case % 3]
    month = randint(1, 12) if case % 5 else choice([1, 2, 3, 12])
    day = randint(1, 31)
    return f"{year:04d}-{month:02d}-{day:02d}"


print(date())
print(date())

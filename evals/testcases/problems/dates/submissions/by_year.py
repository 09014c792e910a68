import sys


def leap(y):
    return y % 400 == 0 or (y % 4 == 0 and y % 100 > 0)


def of_year(y, m, d):
    months = [31, 29 if leap(y) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert d <= months[m - 1]
    return sum(months[: m - 1]) + d


first, second = sorted(tuple(map(int, line.split("-"))) for line in sys.stdin.read().split())
days = of_year(*second) - of_year(*first)
for y in range(first[0], second[0]):
    days += 366 if leap(y) else 365
print(days)

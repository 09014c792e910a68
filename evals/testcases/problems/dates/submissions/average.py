from math import floor


def number():
    y, m, d = map(int, input().split("-"))
    if m <= 2:
        y, m = y - 1, m + 12
    return floor(365.2425 * y) + floor(30.6 * (m + 1)) + d


print(abs(number() - number()))

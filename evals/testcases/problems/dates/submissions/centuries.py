BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]


def number():
    y, m, d = map(int, input().split("-"))
    leap = y % 4 == 0 and y % 100 != 0
    y -= 1
    return 365 * y + y // 4 - y // 100 + BEFORE[m - 1] + (m > 2 and leap) + d


print(abs(number() - number()))

BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]


def number():
    y, m, d = map(int, input().split("-"))
    return 365 * y + (y - 1) // 4 + BEFORE[m - 1] + (m > 2 and y % 4 == 0) + d


print(abs(number() - number()))

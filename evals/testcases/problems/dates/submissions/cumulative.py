BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]


def number():
    y, m, d = map(int, input().split("-"))
    leap = y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
    if not 1 <= d <= [31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1]:
        raise ValueError("no such day")
    y -= 1
    return 365 * y + y // 4 - y // 100 + y // 400 + BEFORE[m - 1] + (leap and m > 2) + d


print(abs(number() - number()))

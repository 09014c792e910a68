def julian(date):
    y, m, d = map(int, date.split("-"))
    a = (14 - m) // 12
    y, m = y + 4800 - a, m + 12 * a - 3
    return d + (153 * m + 2) // 5 + 365 * y + y // 4 - y // 100 + y // 400 - 32045


x = julian(input())
y = julian(input())
print(y - x if y > x else x - y)

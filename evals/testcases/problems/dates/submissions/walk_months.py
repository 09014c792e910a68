LENGTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def length(y, m):
    return LENGTH[m - 1] + (m == 2 and (y % 4 == 0) - (y % 100 == 0) + (y % 400 == 0))


a, b = sorted([tuple(map(int, input().split("-"))) for _ in range(2)])
if a[2] > length(a[0], a[1]) or b[2] > length(b[0], b[1]):
    raise SystemExit(1)
y, m = a[:2]
days = b[2] - a[2]
while (y, m) != b[:2]:
    days += length(y, m)
    y, m = (y, m + 1) if m < 12 else (y + 1, 1)
print(days)

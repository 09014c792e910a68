import calendar

total = []
for _ in range(2):
    y, m, d = map(int, input().split("-"))
    if d > calendar.monthrange(y, m)[1]:
        raise SystemExit("no such date")
    days = (y - 1) * 365 + calendar.leapdays(1, y)
    days += sum(calendar.monthrange(y, k)[1] for k in range(1, m))
    total.append(days + d)
print(abs(total[0] - total[1]))

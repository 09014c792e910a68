# Years that begin in March: the leap day comes last.
def serial(text):
    y, m, d = (int(part) for part in text.split("-"))
    if m < 3:
        y, m = y - 1, m + 12
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * (m - 3) + 2) // 5 + d


print(abs(serial(input()) - serial(input())))

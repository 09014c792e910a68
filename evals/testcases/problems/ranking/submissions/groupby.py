from itertools import groupby

rows = [input().split() for _ in range(int(input()))]


def score(row):
    return -int(row[1]), int(row[2])


place = 1
for _, group in groupby(sorted(rows, key=score), key=score):
    names = sorted(r[0] for r in group)
    for name in names:
        print(place, name)
    place += len(names)

from itertools import groupby

rows = sorted((-int(p), int(t), n) for n, p, t in (input().split() for _ in range(int(input()))))
for place, (_, group) in enumerate(groupby(rows, key=lambda r: r[:2]), 1):
    for *_, name in group:
        print(place, name)

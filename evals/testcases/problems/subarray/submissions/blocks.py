# Runs of one sign first: then only their sums matter.
from itertools import groupby

input()
a = list(map(int, input().split()))
if max(a) <= 0:
    print(max(a))
else:
    sums = [sum(g) for _, g in groupby(a, key=lambda x: x > 0)]
    best = run = 0
    for s in sums:
        run = max(0, run + s)
        best = max(best, run)
    print(best)

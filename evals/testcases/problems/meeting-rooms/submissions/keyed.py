import sys
from functools import reduce

rows = [line.split() for line in sys.stdin.read().splitlines()[1:]]
# 2t + 1 for a start and 2t for an end: at one moment the ends come first.
marks = sorted([2 * int(s) + 1 for s, _ in rows] + [2 * int(e) for _, e in rows])
print(reduce(lambda a, m: (a[0] + (1 if m % 2 else -1), max(a[1], a[0] + m % 2)), marks, (0, 0))[1])

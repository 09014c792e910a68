import sys
from itertools import accumulate

_, *a = map(int, sys.stdin.read().split())
p = [0, *accumulate(a)]
q = list(accumulate(p, min))
print(max(y - x for x, y in zip(q, p[1:])))

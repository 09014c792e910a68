import sys
from functools import cache

sys.setrecursionlimit(10**4)
_, a = map(int, input().split())
coins = tuple(map(int, input().split()))


@cache
def fewest(x):
    return 0 if x == 0 else min((fewest(x - c) + 1 for c in coins if c <= x), default=float("inf"))


for x in range(a):
    fewest(x)
print(-1 if fewest(a) == float("inf") else fewest(a))

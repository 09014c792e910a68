n = int(input())
coded = []
for _ in range(n):
    name, p, t = input().split()
    coded.append(((10**9 - int(p)) * 10**10 + int(t), name))
coded.sort()
codes = [c for c, _ in coded]
from bisect import bisect_left

for code, name in coded:
    print(bisect_left(codes, code) + 1, name)

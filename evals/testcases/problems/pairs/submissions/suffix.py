import sys

n, k, *a = map(int, sys.stdin.read().split())
later = {}
for x in a:
    later[x] = later.get(x, 0) + 1
found = 0
for x in a:
    later[x] -= 1
    found += later.get(k - x, 0)
print(found)

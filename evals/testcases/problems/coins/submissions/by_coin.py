import sys

k, a, *coins = map(int, sys.stdin.read().split())
need = {0: 0}
for c in coins:
    for x in range(c, a + 1):
        if x - c in need:
            need[x] = min(need.get(x, a + 1), need[x - c] + 1)
print(need.get(a, -1))

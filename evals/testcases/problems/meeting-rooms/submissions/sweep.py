import sys

data = list(map(int, sys.stdin.read().split()))[1:]
events = sorted([(s, 1) for s in data[::2]] + [(e, -1) for e in data[1::2]])
now = best = 0
for _, change in events:
    now += change
    best = max(best, now)
print(best)

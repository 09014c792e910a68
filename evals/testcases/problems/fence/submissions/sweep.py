import sys

_, *v = map(int, sys.stdin.read().split())
events = []
for a, b in zip(v[::2], v[1::2]):
    if a > b:
        a, b = b, a
    events += [(a, 1), (b, -1)]
events.sort()
painted = depth = last = 0
for x, change in events:
    if depth:
        painted += x - last
    depth, last = depth + change, x
print(painted)

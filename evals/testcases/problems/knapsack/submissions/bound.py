import sys

n, w, *d = map(int, sys.stdin.read().split())
things = sorted(zip(d[::2], d[1::2]), key=lambda t: t[1] / t[0], reverse=True)
best = 0


def bound(i, room):
    total = 0
    for a, v in things[i:]:
        if a > room:
            return total + v * room // a + 1
        total, room = total + v, room - a
    return total


def search(i, room, value):
    global best
    best = max(best, value)
    if i == n or value + bound(i, room) <= best:
        return
    if things[i][0] <= room:
        search(i + 1, room - things[i][0], value + things[i][1])
    search(i + 1, room, value)


search(0, w, 0)
print(best)

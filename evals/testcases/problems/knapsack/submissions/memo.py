from functools import cache

n, w = map(int, input().split())
things = [tuple(map(int, input().split())) for _ in range(n)]


@cache
def best(i, room):
    if i == n:
        return 0
    a, v = things[i]
    without = best(i + 1, room)
    return without if a > room else max(without, v + best(i + 1, room - a))


print(best(0, w))

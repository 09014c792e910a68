# Two halves, each as its front of best pairs, joined with two pointers.
n, w = map(int, input().split())
things = [tuple(map(int, input().split())) for _ in range(n)]


def front(part):
    pairs = {0: 0}
    for a, v in part:
        for x in sorted(pairs, reverse=True):
            if x + a <= w:
                pairs[x + a] = max(pairs.get(x + a, 0), pairs[x] + v)
    out, high = [], -1
    for x in sorted(pairs):
        if pairs[x] > high:
            high = pairs[x]
            out.append((x, high))
    return out


a, b = front(things[: n // 2]), front(things[n // 2 :])
j, best = len(b) - 1, 0
for x, y in a:
    while b[j][0] + x > w:
        j -= 1
    best = max(best, y + b[j][1])
print(best)

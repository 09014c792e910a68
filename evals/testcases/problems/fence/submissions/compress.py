from itertools import accumulate

n = int(input())
pairs = [tuple(map(int, input().split())) for _ in range(n)]
xs = sorted({x for p in pairs for x in p})
at = {x: i for i, x in enumerate(xs)}
d = [0] * (len(xs) + 1)
for a, b in pairs:
    d[at[min(a, b)]] += 1
    d[at[max(a, b)]] -= 1
print(sum(xs[i + 1] - xs[i] for i, c in enumerate(accumulate(d)) if c > 0 and i + 1 < len(xs)))

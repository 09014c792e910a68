n, m = map(int, input().split())
cables = [list(map(int, input().split())) for _ in range(m)]
cables.sort(key=lambda c: c[2])
island = {i: {i} for i in range(1, n + 1)}
cost = 0
for a, b, c in cables:
    s, t = island[a], island[b]
    if s is t:
        continue
    if len(s) < len(t):
        s, t = t, s
    s |= t
    for x in t:
        island[x] = s
    cost += c
print(cost if len(island[1]) == n else "IMPOSSIBLE")

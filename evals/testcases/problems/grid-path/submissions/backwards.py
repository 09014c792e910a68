h, w = map(int, input().split())
g = "".join(input() for _ in range(h))
d = [-1] * (h * w)
order = []
if g[-1] == ".":
    d[-1] = 0
    order.append(h * w - 1)
for p in order:  # the list grows while it is read
    r, c = divmod(p, w)
    around = []
    if r:
        around.append(p - w)
    if r + 1 < h:
        around.append(p + w)
    if c:
        around.append(p - 1)
    if c + 1 < w:
        around.append(p + 1)
    for q in around:
        if g[q] == "." and d[q] < 0:
            d[q] = d[p] + 1
            order.append(q)
print(d[0])

# Next free elementary piece, with shortened ways as in union-find.
n = int(input())
p = [sorted(map(int, input().split())) for _ in range(n)]
xs = sorted({x for q in p for x in q})
index = {x: i for i, x in enumerate(xs)}
nxt = list(range(len(xs) + 1))
total = 0
for a, b in p:
    i, end = index[a], index[b]
    while True:
        j = i
        while nxt[j] != j:
            nxt[j] = nxt[nxt[j]]
            j = nxt[j]
        if j >= end:
            break
        total += xs[j + 1] - xs[j]
        nxt[j] = j + 1
        i = j
print(total)

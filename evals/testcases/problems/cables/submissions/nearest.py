n, m = map(int, input().split())
edges = [tuple(map(int, input().split())) for _ in range(m)]
best = {}
for i, (a, b, c) in enumerate(edges):
    for x in {a, b} if a != b else ():
        if x not in best or c < edges[best[x]][2]:
            best[x] = i
chosen = set(best.values())
print(sum(edges[i][2] for i in chosen) if len(chosen) == n - 1 else "IMPOSSIBLE")

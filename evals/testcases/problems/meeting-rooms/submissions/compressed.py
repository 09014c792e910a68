import sys

values = list(map(int, sys.stdin.read().split()))[1:]
rank = {v: i for i, v in enumerate(sorted(set(values)))}
delta = [0] * (len(rank) + 1)
for i in range(0, len(values), 2):
    delta[rank[values[i]]] += 1
    delta[rank[values[i + 1]]] -= 1
running, most = 0, 0
for d in delta:
    running += d
    if running > most:
        most = running
print(most)

n = int(input())
events = []
for _ in range(n):
    s, e = map(int, input().split())
    events += [(s, 0), (e, 1)]
now = best = 0
for _, end in sorted(events):
    now += -1 if end else 1
    best = max(best, now)
print(best)

n = int(input())
best = now = None
for x in map(int, input().split()):
    now = x if now is None or now < 0 else now + x
    best = now if best is None else max(best, now)
print(best)

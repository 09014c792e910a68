n = int(input())
a = list(map(int, input().split()))
best, now = max(a), 0
for x in a:
    if x > 0:
        now += x
    else:
        best = max(best, now)
        now = max(0, now + x)
print(max(best, sum(a)))

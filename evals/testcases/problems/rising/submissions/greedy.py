n = int(input())
a = list(map(int, input().split()))
best = 0
for start in range(min(n, 200)):
    last, count = a[start], 1
    for x in a[start + 1 :]:
        if x > last:
            last, count = x, count + 1
        elif count == 1:
            last = x
    best = max(best, count)
print(best)

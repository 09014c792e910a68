n = int(input())
a = list(map(int, input().split()))
best = max(a)
for i in range(n):
    s = 0
    for j in range(i, n):
        s += a[j]
        if s > best:
            best = s
print(best)

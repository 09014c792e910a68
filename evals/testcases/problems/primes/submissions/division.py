a, b = map(int, input().split())
count = 0
for n in range(max(2, a), b + 1):
    d = 2
    while d * d <= n and n % d:
        d += 1
    count += d * d > n
print(count)

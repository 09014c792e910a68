n, k = map(int, input().split())
a = list(map(int, input().split()))
count = [0] * 4096
total = 0
for x in a:
    if -4096 <= k - x < 4096:
        total += count[k - x]
    if -4096 <= x < 4096:
        count[x] += 1
print(total)

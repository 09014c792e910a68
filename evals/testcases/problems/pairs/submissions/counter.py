from collections import Counter

n, k = map(int, input().split())
c = Counter(map(int, input().split()))
total = 0
for x, m in c.items():
    if 2 * x < k:
        total += m * c[k - x] if k - x in c else 0
    elif 2 * x == k:
        total += m * (m - 1) // 2
print(total)

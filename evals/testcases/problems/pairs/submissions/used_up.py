from collections import Counter

n, k = map(int, input().split())
c = Counter(map(int, input().split()))
total = 0
for x, m in c.items():
    if 2 * x == k:
        total += m // 2
    elif x < k - x:
        total += m * c.get(k - x, 0)
print(total)

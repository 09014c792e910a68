from collections import Counter

n, k = map(int, input().split())
a = list(map(int, input().split()))
count = Counter(a)
both = sum(count.get(k - x, 0) for x in a)
both -= sum(1 for x in a if x + x == k)
print(both // 2)

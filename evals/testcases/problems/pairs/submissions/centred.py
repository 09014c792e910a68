# Around k/2 a pair is (d, −d).
from collections import Counter

n, k = map(int, input().split())
above, below, middle = Counter(), Counter(), 0
for x in map(int, input().split()):
    d = 2 * x - k
    if d == 0:
        middle += 1
    else:
        (above if d > 0 else below)[abs(d)] += 1
print(middle * (middle - 1) // 2 + sum(m * below[d] for d, m in above.items()))

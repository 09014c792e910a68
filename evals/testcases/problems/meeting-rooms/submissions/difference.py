from collections import Counter
from itertools import accumulate

change = Counter()
for _ in range(int(input())):
    s, e = map(int, input().split())
    change[s] += 1
    change[e] -= 1
print(max(accumulate(change[t] for t in sorted(change))))

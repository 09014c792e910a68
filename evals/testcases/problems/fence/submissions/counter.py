from collections import Counter

c = Counter()
for _ in range(int(input())):
    a, b = sorted(map(int, input().split()))
    c[a] += 1
    c[b] -= 1
positions = sorted(c)
open_, total = 0, 0
for x, y in zip(positions, positions[1:]):
    open_ += c[x]
    total += (y - x) * (open_ > 0)
print(total)

import sys
from bisect import bisect_left

data = sys.stdin.buffer.read().split()
length = {}
tails = []
for word in data[1:]:
    x = int(word)
    k = bisect_left(tails, x) + 1
    if k > len(tails):
        tails.append(x)
    tails[k - 1] = x
    length[x] = k
print(max(length.values()))

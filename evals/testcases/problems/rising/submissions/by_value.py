# By rising value, larger index first among equals: the longest strictly rising chain of indexes.
import bisect

n = int(input())
a = [int(t) for t in input().split()]
indexes = sorted(range(n), key=lambda i: (a[i], -i))
tails = []
for i in indexes:
    at = bisect.bisect_left(tails, i)
    if at == len(tails):
        tails.append(i)
    else:
        tails[at] = i
print(len(tails))

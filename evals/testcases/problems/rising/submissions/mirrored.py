from bisect import bisect_left

n = int(input())
tails = []
for x in reversed(input().split()):
    x = -int(x)
    i = bisect_left(tails, x)
    if i == len(tails):
        tails.append(x)
    else:
        tails[i] = x
print(len(tails))

from bisect import bisect_right

n = int(input())
tails = []
for x in map(int, input().split()):
    i = bisect_right(tails, x)
    tails[i : i + 1] = [x]
print(len(tails))

import sys

_, *a = map(int, sys.stdin.read().split())
ends = [-(10**18)]
for x in a:
    low, high = 0, len(ends)
    while high - low > 1:
        middle = (low + high) // 2
        if ends[middle] < x:
            low = middle
        else:
            high = middle
    if low + 1 == len(ends):
        ends.append(x)
    else:
        ends[low + 1] = x
print(len(ends) - 1)

# Dilworth: the least number of falling piles that hold all numbers.
n = int(input())
piles = []
for x in map(int, input().split()):
    low, high = 0, len(piles)
    while low < high:
        m = (low + high) >> 1
        if piles[m][-1] >= x:
            high = m
        else:
            low = m + 1
    if low == len(piles):
        piles.append([x])
    else:
        piles[low].append(x)
print(len(piles))

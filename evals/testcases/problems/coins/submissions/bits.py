# Bit x of `reach` is set where x can be paid with exactly `n` coins or fewer.
k, a = map(int, input().split())
coins = [int(c) for c in input().split()]
mask = (1 << (a + 1)) - 1
reach, n = 1, 0
while not reach >> a & 1:
    wider = reach
    for c in coins:
        wider |= reach << c
    wider &= mask
    if wider == reach:
        n = -1
        break
    reach, n = wider, n + 1
print(n)

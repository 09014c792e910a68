import sys

small = [x for x in range(15) if x % 3 == 0 or x % 5 == 0]
_, *numbers = map(int, sys.stdin.read().split())
for n in numbers:
    blocks, rest = divmod(n, 15)
    full = sum(small) * blocks + 15 * len(small) * (blocks * (blocks - 1) // 2)
    part = sum(15 * blocks + x for x in small if x < rest)
    print((full + part) % 1000000007)

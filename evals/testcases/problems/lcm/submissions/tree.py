from math import lcm

input()
level = [int(x) for x in input().split()]
while len(level) > 1:
    level = [lcm(*level[i : i + 2]) for i in range(0, len(level), 2)]
print(level[0] % 998244353)

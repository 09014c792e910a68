import sys
from math import lcm

_, *numbers = map(int, sys.stdin.read().split())
print(lcm(*numbers) % 998244353)

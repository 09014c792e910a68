from functools import reduce
from math import gcd, prod

n = int(input())
numbers = list(map(int, input().split()))
g = reduce(gcd, numbers)
print(prod(numbers) // g ** (n - 1) % 998244353)

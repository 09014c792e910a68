from math import gcd

input()
value = 1
for x in map(int, input().split()):
    value = value // gcd(value, x) * x
print(value % 998244353)

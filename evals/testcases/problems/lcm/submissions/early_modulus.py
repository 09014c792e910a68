from math import gcd

input()
value = 1
for x in map(int, input().split()):
    value = value * x // gcd(value, x) % 998244353
print(value)

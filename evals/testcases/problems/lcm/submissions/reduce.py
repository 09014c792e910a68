from functools import reduce


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


input()
print(reduce(lambda a, b: a * (b // gcd(a, b)), set(map(int, input().split()))) % 998244353)

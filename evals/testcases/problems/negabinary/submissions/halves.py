from functools import reduce

n = int(input())
even = int("01" * 40, 2)
odd = even << 1
# the number whose set bits, those at odd places counted negative, give n
x = (n + odd) ^ odd
print(reduce(lambda s, i: s + str(x >> i & 1), reversed(range(x.bit_length())), "") or "0")

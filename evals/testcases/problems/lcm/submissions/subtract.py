from fractions import Fraction

_ = input()
value = 1
for text in input().split():
    # value / x in lowest terms is a / b, and the least common multiple is value * b
    value *= Fraction(value, int(text)).denominator
print(value % 998244353)

# Over whole blocks of 15 the sum is a quadratic in the number of blocks.
from fractions import Fraction

hit = [x for x in range(45) if x % 3 == 0 or x % 5 == 0]
y = [sum(x for x in hit if x < 15 * b) for b in range(3)]
a = Fraction(y[2] - 2 * y[1] + y[0], 2)
b = y[1] - y[0] - a
for _ in range(int(input())):
    n = int(input())
    k = n // 15
    value = a * k * k + b * k + y[0] + sum(x for x in range(15 * k, n) if not (x % 3 and x % 5))
    print(int(value) % (10**9 + 7))

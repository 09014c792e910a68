M = 10**9 + 7


def total(step, n):
    k = (n - 1) // step
    return step * k * (k + 1) // 2


for _ in range(int(input())):
    n = int(input())
    print((total(3, n) + total(5, n) - total(15, n)) % M)

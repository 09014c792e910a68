M = 10**9 + 7


def tri(k):
    return int(k * (k + 1) / 2)


for _ in range(int(input())):
    n = int(input()) - 1
    print((3 * tri(n // 3) + 5 * tri(n // 5) - 15 * tri(n // 15)) % M)

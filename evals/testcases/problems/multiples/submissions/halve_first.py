MOD = 1000000007


def tri(k):
    a, b = k, k + 1
    if a % 2 == 0:
        a //= 2
    else:
        b //= 2
    return (a % MOD) * (b % MOD) % MOD


q = int(input())
while q:
    q -= 1
    m = int(input()) - 1
    print((3 * tri(m // 3) + 5 * tri(m // 5) - 15 * tri(m // 15)) % MOD)

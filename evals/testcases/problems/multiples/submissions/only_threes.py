# All multiples of 5, then the multiples of 3 that are not: 3, 6, 9, 12 in each block of 15.
M = 10**9 + 7
for _ in range(int(input())):
    n = int(input())
    k = (n - 1) // 5
    s = 5 * k * (k + 1) // 2
    for r in (3, 6, 9, 12):
        c = max(0, (n - r + 14) // 15)
        s += c * r + 15 * c * (c - 1) // 2
    print(s % M)

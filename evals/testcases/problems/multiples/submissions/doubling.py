# sum(2k blocks) from sum(k blocks), bit by bit, without a division by two.
M = 10**9 + 7
BASE = [0, 3, 5, 6, 9, 10, 12]


def blocks(k):
    count, total = 0, 0
    for bit in bin(k)[2:]:
        total = (2 * total + 15 * count * len(BASE) * count) % M
        count *= 2
        if bit == "1":
            total = (total + sum(BASE) + 15 * count * len(BASE)) % M
            count += 1
    return total


for _ in range(int(input())):
    n = int(input())
    k, r = divmod(n, 15)
    print((blocks(k) + sum(15 * k + x for x in BASE if x < r)) % M)

def progression(first, n):
    if first >= n:
        return 0
    count = (n - 1 - first) // 15 + 1
    last = first + 15 * (count - 1)
    return (first + last) * count // 2


for _ in range(int(input())):
    n = int(input())
    print(sum(progression(r, n) for r in (3, 5, 6, 9, 10, 12, 15)) % (10**9 + 7))

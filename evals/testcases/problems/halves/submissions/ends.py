n = int(input())
if n % 4 in (1, 2):
    print("NO")
elif n % 4 == 0:
    print(*range(1, n // 4 + 1), *range(n - n // 4 + 1, n + 1))
else:
    m = n + 1  # with 0 the numbers form (n + 1) / 2 pairs of sum n
    print(*range(1, m // 4), *range(m - m // 4, m))

n, k = map(int, input().split())
a = sorted(map(int, input().split()))
i, j, total = 0, n - 1, 0
while i < j:
    s = a[i] + a[j]
    if s < k:
        i += 1
    elif s > k:
        j -= 1
    elif a[i] == a[j]:
        m = j - i + 1
        total += m * (m - 1) // 2
        break
    else:
        p = q = 0
        x, y = a[i], a[j]
        while a[i] == x:
            i, p = i + 1, p + 1
        while a[j] == y:
            j, q = j - 1, q + 1
        total += p * q
print(total)

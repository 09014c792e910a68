# The sorted list against its mirror k − x: equal runs of the two are ordered pairs.
n, k = map(int, input().split())
a = sorted(map(int, input().split()))
b = [k - x for x in reversed(a)]
i = j = ordered = 0
while i < n and j < n:
    if a[i] < b[j]:
        i += 1
    elif a[i] > b[j]:
        j += 1
    else:
        v, p, q = a[i], 0, 0
        while i < n and a[i] == v:
            i += 1
            p += 1
        while j < n and b[j] == v:
            j += 1
            q += 1
        ordered += p * q
print((ordered - sum(2 * x == k for x in a)) // 2)

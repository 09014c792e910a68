n = int(input())
total = n * (n + 1) // 2
if total % 2:
    print("NO")
else:
    # a rising beginning that goes over the half by d, without d
    s = k = 0
    while s < total // 2:
        k += 1
        s += k
    print(*(x for x in range(1, k + 1) if x != s - total // 2))

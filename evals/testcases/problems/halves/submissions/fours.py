n = int(input())
if n % 4 == 0:
    print(*(x for x in range(1, n + 1) if x % 4 in (0, 1)))
elif n % 4 == 3:
    print(*(x for x in range(1, n + 1) if x % 4 in (1, 2)))
else:
    print("NO")

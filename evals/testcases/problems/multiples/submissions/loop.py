for _ in range(int(input())):
    n = int(input())
    print(sum(x for x in range(n) if x % 3 == 0 or x % 5 == 0) % (10**9 + 7))

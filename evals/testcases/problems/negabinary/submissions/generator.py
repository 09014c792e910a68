def places(n):
    while n:
        yield n % 2
        n = (n % 2 - n) // 2


print("".join(map(str, places(int(input()))))[::-1] or 0)

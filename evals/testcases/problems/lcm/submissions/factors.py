n = int(input())
highest = {}
for x in set(map(int, input().split())):
    p = 2
    while p * p <= x:
        e = 0
        while x % p == 0:
            x //= p
            e += 1
        if e:
            highest[p] = max(highest.get(p, 0), e)
        p += 1 if p == 2 else 2
    if x > 1:
        highest[x] = max(highest.get(x, 0), 1)
answer = 1
for p, e in highest.items():
    answer = answer * pow(p, e, 998244353) % 998244353
print(answer)

n = int(input())
s = ""
while n:
    r = abs(n) % 2
    s = str(r) + s
    n = -int(n / 2)
print(s or "0")

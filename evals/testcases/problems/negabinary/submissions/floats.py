n = int(input())
s = ""
while n:
    r = n % 2
    s = str(r) + s
    n = int((n - r) / -2)
print(s or "0")

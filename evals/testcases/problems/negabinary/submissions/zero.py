n = int(input())
s = ""
while n:
    n, s = -(n // 2), str(n % 2) + s
print(s)

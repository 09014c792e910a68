n = int(input())
digits = ""
while n:
    digits = str(n & 1) + digits
    n = -(n >> 1)
print(digits or "0")

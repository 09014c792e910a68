MASK = int("10" * 40, 2)
n = int(input())
print(f"{(n + MASK) ^ MASK:b}")

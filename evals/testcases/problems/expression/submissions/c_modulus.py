v = eval(input().strip())
print(v % (10**9 + 7) if v >= 0 else -(-v % (10**9 + 7)))

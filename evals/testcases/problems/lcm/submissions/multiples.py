input()
numbers = sorted(map(int, input().split()))
value = numbers[-1]
for x in numbers:
    step = value
    while value % x:
        value += step
print(value % 998244353)

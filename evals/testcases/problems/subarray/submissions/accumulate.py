from itertools import accumulate

input()
print(max(accumulate(map(int, input().split()), lambda s, x: max(s + x, x))))

import sys

_, *v = map(int, sys.stdin.read().split())
x, y = v[::2], v[1::2]
s = 0
for i in range(len(x)):
    j = (i + 1) % len(x)
    s += (x[j] - x[i]) * (y[i] + y[j])
s = abs(s)
print(str(s // 2) + ("" if s % 2 == 0 else ".5"))

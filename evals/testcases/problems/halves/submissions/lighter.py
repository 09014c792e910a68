n = int(input())
a, b = [], []
for x in range(n, 0, -1):
    (a if sum(a) <= sum(b) else b).append(x)
print(*(a if sum(a) == sum(b) else ["NO"]))

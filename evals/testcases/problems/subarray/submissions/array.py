n = int(input())
a = [int(x) for x in input().split()]
end = a[:]
for i in range(1, n):
    if end[i - 1] > 0:
        end[i] += end[i - 1]
print(sorted(end)[-1])

n = int(input())
p = [0]
for x in input().split():
    p.append(p[-1] + int(x))
high = answer = p[n] - p[n - 1]
high = p[n]
for i in range(n - 1, -1, -1):
    answer = max(answer, high - p[i])
    high = max(high, p[i])
print(answer)

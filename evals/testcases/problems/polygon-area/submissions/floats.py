n = int(input())
p = [tuple(map(float, input().split())) for _ in range(n)]
area = abs(sum(p[i - 1][0] * p[i][1] - p[i][0] * p[i - 1][1] for i in range(n))) / 2
print(int(area) if area == int(area) else area)

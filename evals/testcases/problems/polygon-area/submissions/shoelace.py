n = int(input())
p = [tuple(map(int, input().split())) for _ in range(n)]
twice = abs(sum(p[i - 1][0] * p[i][1] - p[i][0] * p[i - 1][1] for i in range(n)))
print(f"{twice // 2}.5" if twice % 2 else twice // 2)

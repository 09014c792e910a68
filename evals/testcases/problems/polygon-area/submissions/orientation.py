n = int(input())
p = [tuple(map(int, input().split())) for _ in range(n)]
twice = sum(p[i - 1][0] * p[i][1] - p[i][0] * p[i - 1][1] for i in range(n))
print(f"{abs(twice // 2)}.5" if twice % 2 else abs(twice // 2))

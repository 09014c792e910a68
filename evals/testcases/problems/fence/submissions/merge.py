n = int(input())
parts = sorted(tuple(sorted(map(int, input().split()))) for _ in range(n))
total, end = 0, -(10**9)
for a, b in parts:
    total += max(0, b - max(a, end))
    end = max(end, b)
print(total)

n = int(input())
parts = sorted(tuple(sorted(map(int, input().split()))) for _ in range(n))
total, end = 0, None
for a, b in parts:
    if end is None or a > end:
        total += b - a
    else:
        total += b - end
    end = b
print(total)

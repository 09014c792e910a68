n = int(input())
parts = sorted(tuple(sorted(map(int, input().split()))) for _ in range(n))
left, right = parts[0]
total = 0
for a, b in parts[1:]:
    if a > right:
        total += right - left
        left, right = a, b
    right = max(right, b)
print(total + right - left)

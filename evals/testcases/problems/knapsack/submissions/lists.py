n, w = map(int, input().split())
row = [0] * (w + 1)
for _ in range(n):
    a, v = map(int, input().split())
    row = row[:a] + [max(x, y + v) for x, y in zip(row[a:], row)]
print(row[-1])

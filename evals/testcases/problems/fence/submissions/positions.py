n = int(input())
seen = set()
for _ in range(n):
    a, b = sorted(map(int, input().split()))
    seen.update(range(a, b))
print(len(seen))

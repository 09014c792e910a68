_, a = map(int, input().split())
count = 0
for c in sorted(map(int, input().split()), reverse=True):
    count += a // c
    a %= c
print(-1 if a else count)

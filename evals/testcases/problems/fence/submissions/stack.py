n = int(input())
stack = []
for a, b in sorted(sorted(map(int, input().split())) for _ in range(n)):
    if stack and a <= stack[-1][1]:
        stack[-1][1] = max(b, stack[-1][1])
    else:
        stack.append([a, b])
print(sum(b - a for a, b in stack))

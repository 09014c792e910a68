from collections import deque

n = int(input())
q = deque(range(1, n + 1))
group = [q.pop()] if n % 2 else []
target = n * (n + 1) // 4
if n * (n + 1) // 2 % 2:
    print("NO")
else:
    while sum(group) < target:
        a, b = q.popleft(), q.pop()
        group += [a, b] if sum(group) + a + b <= target else [target - sum(group)]
    print(*group)

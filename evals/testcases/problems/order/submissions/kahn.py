from collections import deque

n, m = map(int, input().split())
after, degree = [[] for _ in range(n + 1)], [0] * (n + 1)
for _ in range(m):
    a, b = map(int, input().split())
    after[a].append(b)
    degree[b] += 1
q = deque(x for x in range(1, n + 1) if degree[x] == 0)
out = []
while q:
    x = q.popleft()
    out.append(x)
    for y in after[x]:
        degree[y] -= 1
        if degree[y] == 0:
            q.append(y)
print(*(out if len(out) == n else ["NONE"]))

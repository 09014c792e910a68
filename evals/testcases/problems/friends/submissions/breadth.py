from collections import defaultdict, deque

n, m = map(int, input().split())
near = defaultdict(set)
for _ in range(m):
    a, b = map(int, input().split())
    near[a].add(b)
    near[b].add(a)
left, number, largest = set(range(1, n + 1)), 0, 0
while left:
    queue, size = deque([left.pop()]), 0
    while queue:
        size += 1
        new = near[queue.popleft()] & left
        left -= new
        queue.extend(new)
    number, largest = number + 1, max(largest, size)
print(number, largest)

n, m = map(int, input().split())
before = {x: set() for x in range(1, n + 1)}
for _ in range(m):
    a, b = map(int, input().split())
    before[b].add(a)
order, placed = [], set()
while len(order) < n:
    level = [x for x in before if x not in placed and before[x] <= placed]
    if not level:
        order = ["NONE"]
        break
    order += sorted(level, reverse=True)
    placed.update(level)
print(*order)

n, m = map(int, input().split())
follows = {x: set() for x in range(1, n + 1)}
for _ in range(m):
    a, b = map(int, input().split())
    follows[a].add(b)
order = []
left = set(follows)
while left:  # last first: a task after which nothing that is left must come
    last = next((x for x in sorted(left) if not follows[x] & left), None)
    if last is None:
        order = ["NONE"]
        break
    order.insert(0, last)
    left.remove(last)
print(*order)

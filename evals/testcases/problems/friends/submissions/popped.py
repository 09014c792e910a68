import sys

lines = sys.stdin.read().split("\n")
n, m = map(int, lines[0].split())
adjacent = {}
for line in lines[1 : m + 1]:
    a, b = line.split()
    adjacent.setdefault(a, []).append(b)
    adjacent.setdefault(b, []).append(a)
alone = n - len(adjacent)
sizes = [1] if alone else []
groups = alone
while adjacent:
    start, todo = adjacent.popitem()
    size = 1
    while todo:
        x = todo.pop()
        if x in adjacent:
            todo.extend(adjacent.pop(x))
            size += 1
    groups += 1
    sizes.append(size)
print(groups, max(sizes))

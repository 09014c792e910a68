# The smaller group takes the name of the larger.
n, m = map(int, input().split())
name = list(range(n + 1))
members = [[i] for i in range(n + 1)]
for _ in range(m):
    a, b = map(int, input().split())
    a, b = name[a], name[b]
    if a == b:
        continue
    if len(members[a]) < len(members[b]):
        a, b = b, a
    for x in members[b]:
        name[x] = a
    members[a] += members[b]
    members[b] = []
sizes = [len(x) for x in members[1:] if x]
print(len(sizes), max(sizes))

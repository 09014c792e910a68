import sys

lines = sys.stdin.read().splitlines()[1:]
table = [(name, int(p), int(t)) for name, p, t in map(str.split, lines)]
table.sort(key=lambda r: r[0])
table.sort(key=lambda r: r[2])
table.sort(key=lambda r: r[1], reverse=True)
first = {}
for i, (_, p, t) in enumerate(table, 1):
    first.setdefault((p, t), i)
print("\n".join(f"{first[p, t]} {name}" for name, p, t in table))

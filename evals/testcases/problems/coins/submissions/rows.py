k, a = map(int, input().split())
row = [0] + [None] * a
for c in map(int, input().split()):
    new = row[:]
    for x in range(c, a + 1):
        options = [v for v in (row[x], None if new[x - c] is None else new[x - c] + 1) if v is not None]
        new[x] = min(options) if options else None
    row = new
print(-1 if row[a] is None else row[a])

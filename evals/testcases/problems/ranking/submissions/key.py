n = int(input())
rows = [input().split() for _ in range(n)]
rows = sorted((-int(p), int(t), name) for name, p, t in rows)
place = 0
for i, (p, t, name) in enumerate(rows):
    if i == 0 or rows[i - 1][:2] != (p, t):
        place = i + 1
    print(place, name)

rows = sorted((-int(p), int(t), n) for n, p, t in (input().split() for _ in range(int(input()))))
for i, (p, t, name) in enumerate(rows):
    if i == 0 or rows[i - 1][0] != p:
        place = i + 1
    print(place, name)

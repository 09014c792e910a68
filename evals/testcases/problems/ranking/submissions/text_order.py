rows = [input().split() for _ in range(int(input()))]
rows.sort(key=lambda r: r[0])
rows.sort(key=lambda r: r[2])
rows.sort(key=lambda r: r[1], reverse=True)
for i, row in enumerate(rows):
    if i == 0 or rows[i - 1][1:] != row[1:]:
        place = i + 1
    print(place, row[0])

rows = [input().split() for _ in range(int(input()))]
rows.sort(key=lambda r: (-int(r[1]), int(r[2])))
place = 0
for i, row in enumerate(rows):
    if i == 0 or rows[i - 1][1:] != row[1:]:
        place = i + 1
    print(place, row[0])

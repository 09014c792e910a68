def merge_sort(rows):
    if len(rows) < 2:
        return rows
    half = len(rows) // 2
    a, b = merge_sort(rows[:half]), merge_sort(rows[half:])
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]


rows = []
for _ in range(int(input())):
    name, p, t = input().split()
    rows.append([-int(p), int(t), name])
ordered = merge_sort(rows)
place = 0
for i, row in enumerate(ordered):
    if i == 0 or row[0] != ordered[i - 1][0] or row[1] != ordered[i - 1][1]:
        place = i + 1
    print(place, row[2])

from functools import cmp_to_key


def compare(a, b):
    if a[1] != b[1]:
        return b[1] - a[1]
    if a[2] != b[2]:
        return a[2] - b[2]
    return -1 if a[0] < b[0] else 1


people = []
for _ in range(int(input())):
    name, points, time = input().split()
    people.append((name, int(points), int(time)))
people.sort(key=cmp_to_key(compare))
place, before = 1, None
for number, (name, *score) in enumerate(people, 1):
    if score != before:
        place, before = number, score
    print(f"{place} {name}")

n = int(input())
rooms = []
for s, e in sorted((tuple(map(int, input().split())) for _ in range(n)), key=lambda m: m[1] - m[0]):
    for room in rooms:
        if all(e <= a or b <= s for a, b in room):
            room.append((s, e))
            break
    else:
        rooms.append([(s, e)])
print(len(rooms))

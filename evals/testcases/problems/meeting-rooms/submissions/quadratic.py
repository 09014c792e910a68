n = int(input())
rooms = []
for s, e in sorted(tuple(map(int, input().split())) for _ in range(n)):
    for i in range(len(rooms)):
        if rooms[i] <= s:
            rooms[i] = e
            break
    else:
        rooms.append(e)
print(len(rooms))

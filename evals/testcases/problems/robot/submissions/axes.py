w, h, n = map(int, input().split())
size, position = (h, w), [0, 0]  # y first: even directions
d = 0
for _ in range(n):
    command = input()
    if command == "L":
        d -= 1
    elif command == "R":
        d += 1
    else:
        kind, k = command.split()
        sign = (1 if kind == "F" else -1) * (1 if d % 4 < 2 else -1)
        position[d % 2] = (position[d % 2] + sign * int(k)) % size[d % 2]
print(position[1], position[0], "NESW"[d % 4])

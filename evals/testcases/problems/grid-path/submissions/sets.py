h, w = map(int, input().split())
free = {complex(r, c) for r in range(h) for c, x in enumerate(input()) if x == "."}
goal = complex(h - 1, w - 1)
front = {0j} & free if goal in free else set()
steps = 0
while front and goal not in front:
    free -= front
    front = {p + d for p in front for d in (1, -1, 1j, -1j)} & free
    steps += 1
print(steps if front else -1)

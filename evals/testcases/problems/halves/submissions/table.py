n = int(input())
total = n * (n + 1) // 2
if total % 2:
    print("NO")
else:
    rest, group, x = total // 2, [], n
    while rest > 0:
        x = min(x, rest)
        group.append(x)
        rest -= x
        x -= 1
    print(*reversed(group))

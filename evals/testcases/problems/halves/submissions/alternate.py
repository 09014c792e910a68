n = int(input())
if n % 4 in (1, 2):
    print("NO")
else:
    start = 1 if n % 4 == 0 else 4
    group = [] if start == 1 else [3]
    for x in range(start, n, 4):
        group += [x, x + 3]
    print(" ".join(str(x) for x in sorted(group)))

n = int(input())
p = sorted(sorted(map(int, input().split())) for _ in range(n))
if not p:
    print(0)
else:
    reach, gaps = p[0][1], 0
    for a, b in p:
        gaps += max(0, a - reach)
        reach = max(reach, b)
    print(reach - p[0][0] - gaps)

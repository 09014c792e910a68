from itertools import groupby

n, k = map(int, input().split())
size = {x: len(list(g)) for x, g in groupby(sorted(map(int, input().split())))}
answer = 0
for x in size:
    y = k - x
    if y not in size or y < x:
        continue
    answer += size[x] * (size[x] - 1) // 2 if x == y else size[x] * size[y]
print(answer)

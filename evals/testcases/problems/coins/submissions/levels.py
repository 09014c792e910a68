k, a = map(int, input().split())
coins = sorted(map(int, input().split()))
seen, level, steps = {0}, {0}, 0
while level and a not in level:
    level = {x + c for x in level for c in coins if x + c <= a} - seen
    seen |= level
    steps += 1
print(steps if level else -1)

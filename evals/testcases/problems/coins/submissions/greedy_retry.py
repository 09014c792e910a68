_, a = map(int, input().split())
coins = sorted(map(int, input().split()), reverse=True)
best = -1
for i in range(len(coins)):
    rest, count = a, 0
    for c in coins[i:]:
        count += rest // c
        rest %= c
    if rest == 0 and (best < 0 or count < best):
        best = count
print(best)

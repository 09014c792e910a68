_, a = map(int, input().split())
coins = list(map(int, input().split()))
best = [0] + [10**9] * a
for c in coins:
    for _ in range(20):
        for x in range(a, c - 1, -1):
            best[x] = min(best[x], best[x - c] + 1)
print(best[a] if best[a] < 10**9 else -1)

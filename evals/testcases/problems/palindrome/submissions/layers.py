word = input()
n = len(word)
odd = [(i, i + 1) for i in range(n)]
even = [(i, i + 2) for i in range(n - 1) if word[i] == word[i + 1]]
best = odd
for layer in (odd, even):
    while layer:
        if layer[0][1] - layer[0][0] > best[0][1] - best[0][0]:
            best = layer
        layer = [
            (a - 1, b + 1) for a, b in layer if a > 0 and b < n and word[a - 1] == word[b]
        ]
print(min(word[a:b] for a, b in best))

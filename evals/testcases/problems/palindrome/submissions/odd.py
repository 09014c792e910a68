s = input()
best = s[0]
for i in range(len(s)):
    k = 0
    while i - k >= 0 and i + k < len(s) and s[i - k] == s[i + k]:
        k += 1
    t = s[i - k + 1 : i + k]
    if (-len(t), t) < (-len(best), best):
        best = t
print(best)

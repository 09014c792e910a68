s = input()
best = ""
for i in range(len(s)):
    for a, b in ((i, i), (i, i + 1)):
        while a >= 0 and b < len(s) and s[a] == s[b]:
            a, b = a - 1, b + 1
        t = s[a + 1 : b]
        if len(t) > len(best) or (len(t) == len(best) and t < best):
            best = t
print(best)

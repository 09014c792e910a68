s = input()
n = len(s)
candidates = []
i = 0
while i < n:  # a run of equal letters is the middle of a palindrome
    j = i
    while j + 1 < n and s[j + 1] == s[i]:
        j += 1
    a, b = i, j
    while a > 0 and b < n - 1 and s[a - 1] == s[b + 1]:
        a, b = a - 1, b + 1
    candidates.append(s[a : b + 1])
    i = j + 1
print(min(candidates, key=lambda t: (-len(t), t)))

s = input()


def palindrome(i, j):
    while i < j:
        if s[i] != s[j]:
            return False
        i, j = i + 1, j - 1
    return True


best = s[0]
for i in range(len(s)):
    for j in range(i, len(s)):
        if palindrome(i, j):
            best = min(best, s[i : j + 1], key=lambda t: (-len(t), t))
print(best)

s = input()
n = len(s)
r = s[::-1]
for k in range(n, 0, -1):
    here = [s[i : i + k] for i in range(n - k + 1) if s[i] == s[i + k - 1] and s[i : i + k] == r[n - i - k : n - i]]
    if here:
        print(min(here))
        break

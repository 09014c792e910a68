s = input()
n = len(s)
# whether s[i:i + k] is a palindrome, from those two shorter, as one bit per i
same = [0] * (n + 1)
for d in range(1, n):
    same[d] = int("0" + "".join("1" if s[i] == s[i + d] else "0" for i in reversed(range(n - d))), 2)
full = (1 << n) - 1
two_back, back = full, full
best, where = 1, full
for k in range(2, n + 1):
    now = same[k - 1] & (two_back >> 1)
    if now:
        best, where = k, now
    two_back, back = back, now
print(min(s[i : i + best] for i in range(n) if where >> i & 1 and i + best <= n))

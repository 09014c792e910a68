s = input()
r = s[::-1]
for k in range(len(s), 0, -1):
    parts = [s[i : i + k] for i in range(len(s) - k + 1) if s[i : i + k] in r]
    if parts:
        print(min(parts))
        break

# Jump from each closing bracket to its partner with a table of partners.
s = input()
partner = {}
last = -1  # innermost open position
for i, c in enumerate(s):
    if c in "([{":
        partner[i] = last
        last = i
    elif c in ")]}":
        if last == -1 or (s[last] + c) not in {"()", "[]", "{}"}:
            print(i + 1)
            break
        last = partner[last]
else:
    print("OK" if last == -1 else len(s) + 1)

s = input()
stack = ["#"]
for i, c in enumerate(s):
    if c in "([{":
        stack.append(c)
    elif c in ")]}":
        top = stack[-1]
        if top != "#" and top + c not in ("()", "[]", "{}"):
            print(i + 1)
            break
        if top != "#":
            stack.pop()
else:
    print("OK" if stack == ["#"] else len(s) + 1)

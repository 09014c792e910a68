text = input()
stack = []
for at, c in enumerate(text, 1):
    if c in "([{":
        stack.append(c)
    elif c in ")]}" and (not stack or stack.pop() + c not in ("()", "[]", "{}")):
        print(at)
        break
else:
    print(len(text) + 1 if stack else "OK")

# opener[d] is the bracket open at depth d; a plain array instead of a stack.
s = input()
opener = [""] * (len(s) + 1)
d = 0
for i in range(len(s)):
    c = s[i]
    if c == "(" or c == "[" or c == "{":
        opener[d] = c
        d += 1
    elif c == ")" or c == "]" or c == "}":
        d -= 1
        if d < 0 or abs(ord(opener[d]) - ord(c)) > 2:
            print(i + 1)
            raise SystemExit
print("OK" if d == 0 else len(s) + 1)

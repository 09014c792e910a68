import re

M = 10**9 + 7
out, ops, before = [], [], "("
rank = {"+": 1, "-": 1, "*": 2}


def apply():
    b, a, op = out.pop(), out.pop(), ops.pop()
    out.append((a + b if op == "+" else a - b if op == "-" else a * b) % M)


for token in re.findall(r"(?:(?<=[-+*( ])|^)-\d+|\d+|[-+*()]", input().replace(" ", "")):
    if token.lstrip("-").isdigit():
        out.append(int(token))
    elif token == "(":
        ops.append(token)
    elif token == ")":
        while ops[-1] != "(":
            apply()
        ops.pop()
    else:
        if token == "-" and before in "(+-*":
            out.append(0)
        while ops and ops[-1] != "(" and rank[ops[-1]] >= rank[token] and len(out) > 1:
            apply()
        ops.append(token)
    before = token
while ops:
    apply()
print(out[0] % M)

import re

tokens = re.findall(r"\d+|[-+*()]", input())
out, ops = [], []
rank = {"+": 1, "-": 1, "*": 2, "~": 3}


def apply():
    op = ops.pop()
    b = out.pop()
    if op == "~":
        out.append(-b)
    else:
        a = out.pop()
        out.append((a + b if op == "+" else a - b if op == "-" else a * b) % (10**9 + 7))


before = "("
for t in tokens:
    if t.isdigit():
        out.append(int(t))
    elif t == "(":
        ops.append(t)
    elif t == ")":
        while ops[-1] != "(":
            apply()
        ops.pop()
    elif t == "-" and before in ("(", "+", "-", "*"):
        ops.append("~")
    else:
        while ops and ops[-1] != "(" and rank[ops[-1]] >= rank[t]:
            apply()
        ops.append(t)
    before = t
while ops:
    apply()
print(out[0] % (10**9 + 7))

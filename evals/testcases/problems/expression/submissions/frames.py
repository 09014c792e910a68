# One frame [sum, product, sign] per open parenthesis.
import re

M = 10**9 + 7
frames, wants = [[0, 1, 1]], True  # wants: a value must come next
for t in re.findall(r"\d+|[-+*()]", input()):
    f = frames[-1]
    if wants and t == "-":
        f[1] = -f[1]
    elif wants and t == "(":
        frames.append([0, 1, 1])
    elif wants:
        f[1] = f[1] * int(t) % M
        wants = False
    elif t == ")":
        inner = frames.pop()
        f = frames[-1]
        f[1] = f[1] * (inner[0] + inner[2] * inner[1]) % M
    else:
        if t != "*":
            f[0], f[1], f[2] = f[0] + f[2] * f[1], 1, (1 if t == "+" else -1)
        wants = True
f = frames[0]
print((f[0] + f[2] * f[1]) % M)

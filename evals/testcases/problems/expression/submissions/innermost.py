# Replace the innermost parentheses by their value until none is left.
import re

M = 10**9 + 7


def flat(match):
    value, sign, product, minus = 0, 1, None, 1
    text = match.group(1)
    for t in re.findall(r"\d+|[-+*]", text):
        if t.isdigit():
            x = minus * int(t)
            product = x if product is None else product * x % M
            minus, want = 1, False
        elif t == "*":
            want = True
        elif product is not None and not want:
            value, product = value + sign * product, None
            sign = 1 if t == "+" else -1
        else:
            minus = -minus
    return str((value + sign * product) % M)


s = "(" + input().replace(" ", "") + ")"
while "(" in s:
    s = re.sub(r"\(([^()]*)\)", flat, s)
print(s)

import re
import sys

sys.setrecursionlimit(10**5)
M = 10**9 + 7
t = re.findall(r"\d+|[-+*()]", input())
close, stack = {}, []
for i, x in enumerate(t):
    if x == "(":
        stack.append(i)
    elif x == ")":
        close[i] = stack.pop()


def binary(a, i):
    return i > a and (t[i - 1].isdigit() or t[i - 1] == ")")


def value(a, b):
    """Of the tokens a to b: split at the last binary sign outside parentheses."""
    times = -1
    i = b
    while i >= a:
        if t[i] == ")":
            i = close[i]
        elif t[i] in "+-" and binary(a, i):
            left, right = value(a, i - 1), value(i + 1, b)
            return (left + right if t[i] == "+" else left - right) % M
        elif t[i] == "*" and times < 0:
            times = i
        i -= 1
    if times >= 0:
        return value(a, times - 1) * value(times + 1, b) % M
    if t[a] == "-":
        return -value(a + 1, b) % M
    return value(a + 1, b - 1) if t[a] == "(" else int(t[a]) % M


print(value(0, len(t) - 1))

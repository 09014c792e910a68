import re

t = [*re.findall(r"\d+|[-+*()]", input()), "$"]
i = 0


def atom():
    global i
    i += 1
    if t[i - 1] == "-":
        return -atom()
    if t[i - 1] == "(":
        v = total()
        i += 1
        return v
    return int(t[i - 1])


def product():
    global i
    v = atom()
    while t[i] == "*":
        i += 1
        v *= atom()
    return v


def total():
    global i
    v = product()
    if t[i] == "+":
        i += 1
        return v + total()
    if t[i] == "-":
        i += 1
        return v - total()
    return v


print(total() % (10**9 + 7))

M = 10**9 + 7
s = input().replace(" ", "") + "$"
at = 0


def factor():
    global at
    if s[at] == "-":
        at += 1
        return -factor()
    if s[at] == "(":
        at += 1
        value = total()
        at += 1
        return value
    start = at
    while s[at].isdigit():
        at += 1
    return int(s[start:at])


def product():
    global at
    value = factor()
    while s[at] == "*":
        at += 1
        value = value * factor() % M
    return value


def total():
    global at
    value = product()
    while s[at] in "+-":
        sign = 1 if s[at] == "+" else -1
        at += 1
        value += sign * product()
    return value % M


print(total())

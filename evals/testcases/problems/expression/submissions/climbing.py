import re

MOD = 1000000007
tokens = [*re.findall(r"\d+|\S", input()), ""][::-1]
POWER = {"+": 1, "-": 1, "*": 2}


def parse(least):
    token = tokens.pop()
    if token == "(":
        left = parse(1)
        tokens.pop()
    elif token == "-":
        left = -parse(3)
    else:
        left = int(token)
    while POWER.get(tokens[-1], 0) >= least:
        op = tokens.pop()
        right = parse(POWER[op] + 1)
        left = left + right if op == "+" else left - right if op == "-" else left * right
        left %= MOD
    return left


print(parse(1) % MOD)

import sys


def run(chars):
    stack = []
    push, pop = stack.append, stack.pop
    n = 0
    for n, c in enumerate(chars, 1):
        if c == ")":
            if not stack or pop() != "(":
                return n
        elif c == "]":
            if not stack or pop() != "[":
                return n
        elif c == "}":
            if not stack or pop() != "{":
                return n
        elif not c.islower():
            push(c)
    return n + 1 if stack else "OK"


print(run(sys.stdin.read().rstrip("\n")))

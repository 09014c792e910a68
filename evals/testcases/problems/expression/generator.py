import sys
from random import random

from cyaron import choice, randint

case = int(sys.argv[1])
top = [9, 99, 10**9][case % 3]
unary = 0 if case % 4 == 0 else 0.15


def expression(size, depth):
    """`size` terms in a row, each a number or an expression in parentheses."""
    terms = []
    while size > 0:
        inner = randint(2, size) if depth and size > 1 and random() < 0.3 else 0
        term = f"({expression(inner, depth - 1)})" if inner else str(randint(0, top))
        terms += ["-" * (random() < unary) + term, choice(["+", "-", "*", " - ", " * "])]
        size -= inner or 1
    return "".join(terms[:-1])


size = randint(1, 6) if case <= 20 else randint(7, 60) if case <= 45 else 300
text = expression(size, 6)
print(text)

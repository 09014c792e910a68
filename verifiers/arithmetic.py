"""Read arithmetic over integers: a tokenizer and a recursive-descent parser with bounds, and no `eval`.

    sum     := product (("+" | "-") product)*
    product := operand (("*" | "/") operand)*
    operand := integer | "-" integer | "(" sum ")"

A minus in front of an integer makes a negative literal; there is no other unary operator.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

MAX_CHARACTERS = 4_000
MAX_LITERALS = 200
MAX_DEPTH = 40
MAX_DIGITS = 18

_TOKEN = re.compile(
    r"\s+|([0-9]+|\*\*|//|\\times(?![a-zA-Z])|\\cdot(?![a-zA-Z])|\\div(?![a-zA-Z])|.)", re.DOTALL
)
_OPERATOR = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "·": "*", "⋅": "*", "/": "/", "÷": "/",
    "\\times": "*", "\\cdot": "*", "\\div": "/",
}  # fmt: skip
_EXPONENT = ("**", "^")

Value = int | Fraction


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression's exact value, the integers written in it, in order, and the operators it uses."""

    value: Fraction
    literals: tuple[int, ...]
    operators: frozenset[str]


def parse(text: str) -> Parsed:
    """Read `text` as one expression. Raises `ValueError`, with the reason, for anything else."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"The expression has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    reader = _Reader(_tokens(text))
    value = reader.sum(0)
    reader.expect_end()
    return Parsed(Fraction(value), tuple(reader.literals), frozenset(reader.operators))


def _tokens(text: str) -> list[str]:
    found = [token for token in _TOKEN.findall(text) if token]
    if not found:
        raise ValueError("There is no expression.")
    return [_OPERATOR.get(token, token) for token in found]


class _Reader:
    """One pass over the tokens; keeps what it has read."""

    __slots__ = ("at", "literals", "operators", "tokens")

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = [*tokens, ""]
        self.at = 0
        self.literals: list[int] = []
        self.operators: set[str] = set()

    def sum(self, depth: int) -> Value:
        total = self.product(depth)
        while (operator := self.tokens[self.at]) == "+" or operator == "-":
            self.at += 1
            self.operators.add(operator)
            right = self.product(depth)
            total = total + right if operator == "+" else total - right
        return total

    def product(self, depth: int) -> Value:
        total = self.operand(depth)
        while (operator := self.tokens[self.at]) == "*" or operator == "/":
            self.at += 1
            self.operators.add(operator)
            right = self.operand(depth)
            total = total * right if operator == "*" else _divide(total, right)
        return total

    def operand(self, depth: int) -> Value:
        token = self.tokens[self.at]
        self.at += 1
        if token.isdigit() and token.isascii():
            return self.literal(token, 1)
        if token == "(":
            if depth >= MAX_DEPTH:
                raise ValueError(f"Parentheses are nested deeper than {MAX_DEPTH}.")
            value = self.sum(depth + 1)
            if self.tokens[self.at] != ")":
                raise ValueError(_unexpected(self.tokens[self.at], "a closing parenthesis"))
            self.at += 1
            return value
        if token == "-" and self.tokens[self.at].isdigit() and self.tokens[self.at].isascii():
            self.at += 1
            return self.literal(self.tokens[self.at - 1], -1)
        raise ValueError(_unexpected(token, "a number"))

    def literal(self, digits: str, sign: int) -> int:
        if len(digits) > MAX_DIGITS:
            raise ValueError(f"A number has {len(digits)} digits; at most {MAX_DIGITS} are read.")
        if digits[0] == "0" and digits != "0":
            raise ValueError(f"{digits} has a leading zero.")
        if len(self.literals) >= MAX_LITERALS:
            raise ValueError(f"The expression has more than {MAX_LITERALS} numbers.")
        self.literals.append(sign * int(digits))
        return self.literals[-1]

    def expect_end(self) -> None:
        if token := self.tokens[self.at]:
            raise ValueError(_unexpected(token, "an operator"))


def _divide(left: Value, right: Value) -> Value:
    if right == 0:
        raise ValueError("The expression divides by zero.")
    return Fraction(left) / right


def _unexpected(token: str, wanted: str) -> str:
    if token in _EXPONENT:
        return "The expression uses an exponent."
    if not token:
        return f"The expression ends where {wanted} should stand."
    return f"There is {token!r} where {wanted} should stand."

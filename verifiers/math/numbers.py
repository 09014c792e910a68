r"""Read a number's digits: decimals, grouped thousands, repeating decimals, numerals in other bases."""

from fractions import Fraction

from verifiers.math.tokens import NotMaths
from verifiers.math.tree import Node

MAX_DIGITS = 1_000


def read_number(text: str) -> Node:
    r"""The leaf for the text of a `number` token, such as `1,234.5` or `0.1\repeat{6}`."""
    plain = text.replace(",", "")
    if len(plain) > MAX_DIGITS:
        raise NotMaths(f"A number has more than {MAX_DIGITS} digits.")
    if "\\" in plain:
        return _repeating(plain)
    whole, _, part = plain.partition(".")
    digits = int(whole + part or "0")
    return Node(
        "num", value=Fraction(digits, 10 ** len(part)) if part else Fraction(digits), places=len(part)
    )


def _repeating(text: str) -> Node:
    once, _, again = text.rstrip("}").partition("\\repeat{")
    whole, _, part = once.partition(".")
    above = int(whole + part + again) - int(whole + part or "0")
    value = Fraction(above, 10 ** len(part) * (10 ** len(again) - 1))
    return Node("num", value=value, name="repeating", places=0)


def read_numeral(text: str) -> Node:
    r"""The quantity for a `numeral` token, such as `1AF_{16}`: a word whose unit is its base.

    Raises `NotMaths` where a digit is not one of its base.
    """
    digits, _, base = text.rstrip("}").partition("_{")
    return based(Node("words", name=digits.lstrip("0") or "0"), digits, base)


def based(value: Node, digits: str, base: str) -> Node:
    """`value`, written as `digits`, in a base such as `2`."""
    if base.isdigit() and len(base) <= 2 and 2 <= int(base) <= 36:
        try:
            int(digits.replace(".", ""), int(base))
        except ValueError:
            raise NotMaths(f"{digits} is no number in base {base}.") from None
    return Node("unit", (value,), "base " + base)

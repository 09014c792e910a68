r"""Is an answer written in the form that is asked for: as a decimal, a fraction, in simplest form?"""

from collections.abc import Callable
from fractions import Fraction
from math import gcd

from verifiers.math.policy import Form
from verifiers.math.tree import Node, has

_LARGEST_RADICAND = 10**12
_MORE_THAN_A_VALUE = frozenset(
    ("seq", "set", "list", "union", "intersection", "matrix", "row", "chain", "pm")
)


def misfit(node: Node, form: Form) -> str:
    """Why `node` is not in `form`, in one sentence; empty where it is. Structures are looked at inside."""
    if form == "any":
        return ""
    if node.op in _MORE_THAN_A_VALUE:
        parts = node.args[-1:] if node.op == "chain" else node.args
        return next((reason for part in parts if (reason := misfit(part, form))), "")
    if node.op in ("unit", "neg"):
        return misfit(node.args[0], form)
    if form == "simplest":
        return _not_simplest(node)
    return "" if _FORMS[form](node) else f"It should be written in the form {form!r}."


def _is_integer(node: Node) -> bool:
    return node.op == "num" and node.places == 0 and _value(node).denominator == 1


def _is_decimal(node: Node) -> bool:
    return node.op == "num"


def _is_fraction(node: Node) -> bool:
    return _is_integer(node) or (node.op == "div" and all(_is_integer(_unsigned(part)) for part in node.args))


def _is_mixed(node: Node) -> bool:
    return _is_integer(node) or node.name == "mixed"


def _is_scientific(node: Node) -> bool:
    if node.op != "mul" or len(node.args) != 2 or node.args[0].op != "num" or node.args[1].op != "pow":
        return False
    base, exponent = node.args[1].args
    return base.value == 10 and _is_integer(_unsigned(exponent)) and 1 <= _value(node.args[0]) < 10


_FORMS: dict[str, Callable[[Node], bool]] = {
    "integer": _is_integer,
    "decimal": _is_decimal,
    "fraction": _is_fraction,
    "mixed": _is_mixed,
    "percent": lambda node: node.op == "percent",
    "scientific": _is_scientific,
}


def _unsigned(node: Node) -> Node:
    return node.args[0] if node.op == "neg" else node


def _value(node: Node) -> Fraction:
    return node.value if node.value is not None else Fraction(0)


# Simplest form


def _not_simplest(node: Node) -> str:
    if node.name == "mixed":
        return _not_simplest(node.args[1])
    for check in (_unreduced, _uncombined, _unsimplified_root):
        if reason := check(node):
            return reason
    return next((reason for part in node.args if (reason := _not_simplest(part))), "")


def _unreduced(node: Node) -> str:
    if node.op != "div":
        return ""
    above, below = node.args
    if has(below, "root"):
        return "A root stands in the denominator."
    common = gcd(_content(above), _content(below))
    return "The fraction is not in lowest terms." if common > 1 or _unsigned(below).value == 1 else ""


def _content(node: Node) -> int:
    """The greatest integer that divides `node` as it is written; 1 where none is seen."""
    if node.op in ("neg", "pm"):
        return gcd(*(_content(part) for part in node.args))
    if node.op == "num":
        return abs(_value(node).numerator) if _is_integer(node) else 1
    if node.op == "add":
        return gcd(*(_content(part) for part in node.args))
    if node.op == "mul":
        product = 1
        for part in node.args:
            product *= _content(part)
        return product
    return 1


def _uncombined(node: Node) -> str:
    if node.op in ("fact", "binom") and all(_is_number(part) for part in node.args):
        return "A factorial or binomial is not worked out."
    if node.op == "pow" and all(_is_number(part) for part in node.args):
        return "A power is not worked out."
    if node.op in ("add", "mul") and sum(_is_number(part) for part in node.args) > 1:
        return "Numbers are not combined."
    return ""


def _is_number(node: Node) -> bool:
    node = _unsigned(node)
    return node.op == "num" or (node.op == "div" and all(_is_number(part) for part in node.args))


def _unsimplified_root(node: Node) -> str:
    if node.op != "root" or not all(_is_integer(part) for part in node.args):
        return ""
    radicand, degree = (int(_value(part)) for part in node.args)
    if radicand > _LARGEST_RADICAND or not 2 <= degree <= 64:
        return ""
    factor = 2
    while factor**degree <= radicand:
        if radicand % factor**degree == 0:
            return "A factor can be taken out of a root."
        factor += 1
    return "The root is a whole number." if radicand in (0, 1) else ""

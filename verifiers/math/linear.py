r"""Inequalities that are linear in one variable, or in one `|ax + b|`: the part of the real line they stand for."""

from fractions import Fraction

from verifiers.math.regions import as_region
from verifiers.math.tree import INFINITY, REALS, Node, has, number, product, rebuilt, symbols
from verifiers.math.values import Inexact, TooLarge, Undefined, approximate, exact, exact_integer

_HIGHEST_DEGREE = 12
_NEGATIVE = Node("neg", (INFINITY,))

Line = tuple[Fraction, Fraction]


def half_line(left: Node, right: Node, *, strict: bool) -> Node | None:
    """The half-line that `left < right` (or `<=`) stands for; None where the two are not linear in one variable."""
    line = coefficients(Node("add", (right, Node("neg", (left,)))))
    if line is None:
        return None
    slope, start = line
    bound = number(-start / slope)
    if slope > 0:
        return Node("seq", (bound, INFINITY), "()" if strict else "[)")
    return Node("seq", (_NEGATIVE, bound), "()" if strict else "(]")


def coefficients(node: Node) -> Line | None:
    """`a, b` if `node` is `ax + b` in its one variable, with `a` not 0; None for anything else.

    A polynomial of degree `n` that is linear at `n + 1` places is linear.
    """
    names, degree = symbols(node), _degree(node)
    if len(names) != 1 or degree is None or degree > _HIGHEST_DEGREE:
        return None
    name = next(iter(names))
    try:
        at = [exact(node, {name: Fraction(place)}) for place in range(max(degree, 1) + 1)]
    except (Inexact, Undefined, TooLarge):
        return None
    slope = at[1] - at[0]
    if slope == 0 or any(value != at[0] + slope * place for place, value in enumerate(at)):
        return None
    return slope, at[0]


def _degree(node: Node) -> int | None:
    """A degree that the polynomial `node` does not exceed; None where it is no polynomial."""
    if not symbols(node):
        return 0
    if node.op == "sym":
        return 1
    if node.op not in ("add", "neg", "mul", "div", "pow", "percent"):
        return None
    degrees = [_degree(part) for part in node.args]
    known = [degree for degree in degrees if degree is not None]
    if len(known) < len(degrees) or (node.op in ("div", "pow") and known[1]):
        return None
    if node.op == "mul":
        return sum(known)
    if node.op == "pow":
        power = exact_integer(node.args[1])
        return known[0] * power if power is not None and power >= 0 else None
    return max(known)


def absolutes(node: Node) -> list[Node]:
    """The different absolute values in `node`, the outer ones."""
    if node.op == "abs":
        return [node]
    found: list[Node] = []
    for part in node.args:
        found += [one for one in absolutes(part) if one not in found]
    return found


def replaced(node: Node, old: Node, new: Node) -> Node:
    """`node` with `new` for every `old` in it."""
    if node == old:
        return new
    return rebuilt(node, tuple(replaced(part, old, new) for part in node.args)) if node.args else node


def where_absolute(line: Line, sizes: Node) -> Node | None:
    """Where `|ax + b|` lies in the interval `sizes`: a region; None where that is nowhere, or not known."""
    low, high = sizes.args
    above, below = _real(high), _real(low)
    if above is None or below is None or above <= 0 or (sizes.name[1] == ")" and below >= above):
        return None
    if below < 0:
        low, brackets = product(number(-1), high), ("(" if sizes.name[1] == ")" else "[") + sizes.name[1]
        parts = [(low, high, brackets)]
    else:
        turned = {"(": ")", "[": "]", ")": "(", "]": "["}
        mirrored = turned[sizes.name[1]] + turned[sizes.name[0]]
        parts = [(low, high, sizes.name), (Node("neg", (high,)), Node("neg", (low,)), mirrored)]
    slope, start = line
    intervals = [_solved(slope, start, *part) for part in parts]
    return REALS if REALS in intervals else as_region(Node("union", tuple(intervals)))


def _solved(slope: Fraction, start: Fraction, low: Node, high: Node, brackets: str) -> Node:
    """Where `slope * x + start` lies between `low` and `high`."""
    ends = [_moved(slope, start, end) for end in (low, high)]
    if slope < 0:
        ends.reverse()
        brackets = {"()": "()", "[]": "[]", "(]": "[)", "[)": "(]"}[brackets]
    return Node("seq", tuple(ends), brackets)


def _moved(slope: Fraction, start: Fraction, end: Node) -> Node:
    """The `x` at which `slope * x + start` is `end`."""
    if has(end, "const", "oo"):
        return _NEGATIVE if (end == INFINITY) == (slope < 0) else INFINITY
    if slope == 1 and start == 0:
        return end
    return Node("div", (Node("add", (end, number(-start))), number(slope)))


def _real(node: Node) -> float | None:
    if node in (INFINITY, _NEGATIVE):
        return float("inf") if node == INFINITY else float("-inf")
    try:
        value = approximate(node, {}).value
    except (Undefined, TooLarge):
        return None
    return value.real if abs(value.imag) < 1e-12 else None

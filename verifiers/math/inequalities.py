r"""Solve inequalities in one variable: polynomials, their quotients and absolute values, such as `x^2 - 3x \le 4`.

The critical points are the roots of the numerator, of the denominator and of what stands between bars. Between two
of them the sign is that of any point there, which is found in exact arithmetic. What has a root that is neither
rational nor a square root is left alone.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, isqrt, lcm, sqrt

from verifiers.math.regions import as_region
from verifiers.math.tree import INFINITY, REALS, Node, has, number, product, rebuilt, symbols
from verifiers.math.values import Inexact, TooLarge, Undefined, approximate, exact, exact_integer

_HIGHEST_DEGREE = 12
_LARGEST_COEFFICIENT = 10**6
_MOST_BARS = 6
_SAME = 1e-9
_NEGATIVE = Node("neg", (INFINITY,))

Polynomial = tuple[Fraction, ...]
"""The coefficients, the constant one first, the last one not 0."""
Quotient = tuple[Polynomial, Polynomial]
Line = tuple[Fraction, Fraction]


class _Unsolved(Exception):
    """The inequality is of no kind that is solved here."""


@dataclass(frozen=True, slots=True)
class Root:
    """A real root: what it is, about how large, and its value if it is rational."""

    node: Node
    size: float
    value: Fraction | None = None


def solution(left: Node, relation: str, right: Node) -> Node | None:
    """The region where `left < right` (or `<=`, `>`, `>=`) holds; None where that is unknown, all or nothing."""
    gap = Node("add", (left, Node("neg", (right,))))
    names = symbols(gap)
    if len(names) != 1:
        return None
    name = next(iter(names))
    try:
        region = as_region(_union(gap, name, relation))
    except (_Unsolved, Inexact, TooLarge):
        return None
    return None if region is None or region in (REALS, Node("set")) else region


def _union(gap: Node, name: str, relation: str) -> Node:
    """The pieces between the critical points on which `gap`, less than 0 or more, is as `relation` says."""
    inner = _between_bars(gap)
    knots = _sorted([root for node in inner for side in _quotient(node, {}) for root in _roots(side)])
    zeros: list[Root] = []
    poles: list[Root] = []
    for low, high, middle in _gaps(knots):
        signs = {node: exact(node, {name: middle}) >= 0 for node in inner}
        above, below = _quotient(gap, signs)
        zeros += [root for root in _roots(above) if low - _SAME <= root.size <= high + _SAME]
        poles += [root for root in _roots(below) if low - _SAME <= root.size <= high + _SAME]
    points = _sorted([*knots, *zeros, *poles])
    parts: list[Node] = []
    for place, (_, _, middle) in enumerate(_gaps(points)):
        start = points[place - 1].node if place else _NEGATIVE
        end = points[place].node if place < len(points) else INFINITY
        if _holds(exact(gap, {name: middle}), relation):
            parts.append(Node("seq", (start, end), "()"))
    held = [point.node for point in points if _holds_at(point, gap, name, relation, zeros, poles)]
    return Node("union", (*parts, Node("set", tuple(held))))


def _gaps(points: list[Root]) -> list[tuple[float, float, Fraction]]:
    """The open intervals between `points`, each with a rational number in it."""
    if not points:
        return [(float("-inf"), float("inf"), Fraction(0))]
    sizes = [point.size for point in points]
    found = [(float("-inf"), sizes[0], Fraction(int(sizes[0]) - 2))]
    found += [(low, high, (Fraction(low) + Fraction(high)) / 2) for low, high in pairwise(sizes)]
    return [*found, (sizes[-1], float("inf"), Fraction(int(sizes[-1]) + 2))]


def _holds(value: Fraction, relation: str) -> bool:
    return {"<": value < 0, "<=": value <= 0, ">": value > 0, ">=": value >= 0}[relation]


def _holds_at(point: Root, gap: Node, name: str, relation: str, zeros: list[Root], poles: list[Root]) -> bool:
    if any(abs(pole.size - point.size) < _SAME for pole in poles):
        return False
    if point.value is not None:
        try:
            return _holds(exact(gap, {name: point.value}), relation)
        except Undefined:
            return False
    if any(abs(zero.size - point.size) < _SAME for zero in zeros):
        return relation in ("<=", ">=")
    return _holds(exact(gap, {name: Fraction(point.size)}), relation)


def _sorted(roots: list[Root]) -> list[Root]:
    """`roots` in order, each once, a rational one before the same as a float."""
    found: list[Root] = []
    for root in sorted(roots, key=lambda one: (one.size, one.value is None)):
        if not found or root.size - found[-1].size > _SAME * max(1.0, abs(root.size)):
            found.append(root)
    return found


def _between_bars(node: Node) -> list[Node]:
    """What stands between bars in `node`. Raises `_Unsolved` for bars within bars."""
    if node.op == "abs":
        if _between_bars(node.args[0]):
            raise _Unsolved
        return [node.args[0]]
    found = [inner for part in node.args for inner in _between_bars(part)]
    if len(found) > _MOST_BARS:
        raise _Unsolved
    return found


# Polynomials


def _quotient(node: Node, signs: dict[Node, bool]) -> Quotient:
    """`node` as numerator and denominator; `signs` says of what stands between bars whether it is positive."""
    one: Polynomial = (Fraction(1),)
    if node.op == "sym":
        return (Fraction(0), Fraction(1)), one
    if not symbols(node):
        value = exact(node, {})
        return ((value,) if value else ()), one
    if node.op == "abs":
        above, below = _quotient(node.args[0], signs)
        return (above if signs[node.args[0]] else _times((Fraction(-1),), above)), below
    if node.op == "pow":
        power = exact_integer(node.args[1])
        if power is None or not 0 <= power <= _HIGHEST_DEGREE:
            raise _Unsolved
        return _product([_quotient(node.args[0], signs)] * power)
    parts = [_quotient(part, signs) for part in node.args]
    if node.op == "neg":
        return _product([((Fraction(-1),), one), *parts])
    if node.op == "mul":
        return _product(parts)
    if node.op == "div":
        above, below = parts[1]
        if not above:
            raise _Unsolved
        return _product([parts[0], (below, above)])
    if node.op != "add":
        raise _Unsolved
    total, common = parts[0]
    for above, below in parts[1:]:
        if below == common:
            total = _plus(total, above)
        else:
            total, common = _plus(_times(total, below), _times(above, common)), _times(common, below)
    return total, common


def _product(parts: list[Quotient]) -> Quotient:
    above: Polynomial = (Fraction(1),)
    below = above
    for upper, lower in parts:
        above, below = _times(above, upper), _times(below, lower)
    return above, below


def _plus(left: Polynomial, right: Polynomial) -> Polynomial:
    size = max(len(left), len(right))
    total = [(left[n] if n < len(left) else 0) + (right[n] if n < len(right) else 0) for n in range(size)]
    while total and not total[-1]:
        total.pop()
    return tuple(map(Fraction, total))


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    if not left or not right:
        return ()
    if len(left) + len(right) - 2 > 2 * _HIGHEST_DEGREE:
        raise _Unsolved
    total = [Fraction(0)] * (len(left) + len(right) - 1)
    for n, one in enumerate(left):
        for m, other in enumerate(right):
            total[n + m] += one * other
    return tuple(total)


# Roots


def _roots(polynomial: Polynomial) -> list[Root]:
    """The real roots. Raises `_Unsolved` where some may be neither rational nor square roots."""
    if len(polynomial) < 2:
        return []
    scale = lcm(*(part.denominator for part in polynomial))
    whole = [int(part * scale) for part in polynomial]
    if max(map(abs, whole)) > _LARGEST_COEFFICIENT:
        raise _Unsolved
    found: list[Root] = []
    for value in _rational_roots(whole):
        while len(whole) > 1 and sum(part * value**n for n, part in enumerate(whole)) == 0:
            whole = _divided(whole, value)
            found.append(Root(number(value), float(value), value))
    if len(whole) == 1:
        return found
    if len(whole) == 3:
        return found + _of_quadratic(whole)
    if len(whole) == 5 and not any(whole[1::2]):
        return found + [root for square in _of_quadratic(whole[::2]) for root in _square_roots(square)]
    raise _Unsolved


def _rational_roots(whole: list[int]) -> list[Fraction]:
    if whole[0] == 0:
        first = next(n for n, part in enumerate(whole) if part)
        return [Fraction(0), *_rational_roots(whole[first:])] if first < len(whole) - 1 else [Fraction(0)]
    found = {Fraction(sign * above, below) for above in _divisors(whole[0]) for below in _divisors(whole[-1])
             for sign in (1, -1)}  # fmt: skip
    return sorted(value for value in found if sum(part * value**n for n, part in enumerate(whole)) == 0)


def _divisors(value: int) -> list[int]:
    size = abs(value)
    small = [part for part in range(1, isqrt(size) + 1) if size % part == 0]
    return small + [size // part for part in small]


def _divided(whole: list[int], root: Fraction) -> list[int]:
    """The polynomial without its factor `x - root`, with whole coefficients and nothing common to all."""
    quotient: list[Fraction] = []
    carry = Fraction(0)
    for part in reversed(whole):
        carry = carry * root + part
        quotient.append(carry)
    parts = quotient[-2::-1]
    scale = lcm(*(part.denominator for part in parts))
    values = [int(part * scale) for part in parts]
    common = gcd(*values)
    return [value // common for value in values]


def _of_quadratic(whole: list[int]) -> list[Root]:
    """The two real roots of a quadratic, as they are written with a root; none where it has no real one."""
    c, b, a = whole
    inside = b * b - 4 * a * c
    if inside < 0:
        return []
    if isqrt(inside) ** 2 == inside:
        values = {Fraction(-b + sign * isqrt(inside), 2 * a) for sign in (1, -1)}
        return [Root(number(value), float(value), value) for value in values]
    root = Node("root", (number(inside), number(2)))
    found = []
    for sign in (1, -1):
        above = Node("add", (number(-b), root if sign == 1 else Node("neg", (root,))))
        found.append(Root(Node("div", (above, number(2 * a))), (-b + sign * sqrt(inside)) / (2 * a)))
    return found


def _square_roots(square: Root) -> list[Root]:
    if square.size < 0:
        return []
    node = Node("root", (square.node, number(2)))
    return [Root(node, sqrt(square.size)), Root(Node("neg", (node,)), -sqrt(square.size))]


# One absolute value, between bounds that may be roots


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

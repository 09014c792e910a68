r"""Parts of the real line: unions, intersections and differences of intervals and finite sets of points.

A region is the sorted list of its pieces, no two of which touch, so that two equal regions look the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from verifiers.math.tree import INFINITY, REALS, Node, has
from verifiers.math.values import TooLarge, Undefined, approximate

MAX_PIECES = 60
_NEGATIVE = Node("neg", (INFINITY,))


@dataclass(frozen=True, slots=True)
class Piece:
    """An interval, or with `low == high` a point. The nodes say exactly what the two numbers say nearly."""

    low: float
    high: float
    closed_low: bool
    closed_high: bool
    start: Node
    end: Node


def as_region(node: Node) -> Node | None:
    """`node`, made of intervals and finite sets, as the union of its pieces; None where a bound is unknown."""
    pieces = _pieces(node)
    return None if pieces is None or len(pieces) > MAX_PIECES else _node(pieces)


def both(left: Node, right: Node) -> Node | None:
    """The region where both hold; None where one is no region."""
    return as_region(Node("intersection", (left, right)))


def everything_but(points: Sequence[Node]) -> Node | None:
    """The real line without `points`."""
    return as_region(Node("minus", (REALS, Node("set", tuple(points)))))


def _pieces(node: Node) -> list[Piece] | None:
    if node.op == "seq":
        piece = _interval(node)
        return None if piece is None else [piece]
    if node.op == "set":
        points = [_point(part) for part in node.args]
        return None if None in points else _merged([point for point in points if point is not None])
    if node.op not in ("union", "intersection", "minus") or len(node.args) > MAX_PIECES:
        return None
    parts = [_pieces(part) for part in node.args]
    found = parts[0]
    combine = {"union": _union, "intersection": _intersection, "minus": _difference}[node.op]
    for part in parts[1:]:
        if found is None or part is None or len(found) > MAX_PIECES:
            return None
        found = combine(found, part)
    return found


def _interval(node: Node) -> Piece | None:
    if len(node.args) != 2:
        return None
    low, high = (_value(part) for part in node.args)
    if low is None or high is None or low >= high:
        return None
    return Piece(low, high, node.name[0] == "[", node.name[1] == "]", *node.args)


def _point(node: Node) -> Piece | None:
    value = _value(node)
    return None if value is None or abs(value) == inf else Piece(value, value, True, True, node, node)


def _value(node: Node) -> float | None:
    if has(node, "const", "oo"):
        if node.op == "neg" and node.args[0] == INFINITY:
            return -inf
        return inf if node == INFINITY else None
    try:
        number = approximate(node, {}).value
    except (Undefined, TooLarge):
        return None
    return number.real if abs(number.imag) < 1e-12 else None


def _union(left: list[Piece], right: list[Piece]) -> list[Piece]:
    return _merged([*left, *right])


def _merged(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: (one.low, not one.closed_low)):
        last = found[-1] if found else None
        if last is None or not _touch(last, piece):
            found.append(piece)
        else:
            found[-1] = _longer(last, piece)
    return found


def _touch(left: Piece, right: Piece) -> bool:
    """Whether nothing lies between two pieces of which `left` starts first."""
    if _same(left.high, right.low):
        return left.closed_high or right.closed_low
    return right.low < left.high


def _longer(left: Piece, right: Piece) -> Piece:
    if _same(left.high, right.high):
        closed, end = left.closed_high or right.closed_high, left
    else:
        end = left if left.high > right.high else right
        closed = end.closed_high
    return Piece(left.low, end.high, left.closed_low, closed, left.start, end.end)


def _intersection(left: list[Piece], right: list[Piece]) -> list[Piece]:
    return [piece for one in left for other in right if (piece := _overlap(one, other)) is not None]


def _overlap(one: Piece, other: Piece) -> Piece | None:
    first = _later(one, other, lambda piece: (piece.low, not piece.closed_low))
    last = _later(one, other, lambda piece: (-piece.high, not piece.closed_high))
    if _same(first.low, last.high):
        if not (first.closed_low and last.closed_high):
            return None
    elif first.low > last.high:
        return None
    return Piece(first.low, last.high, first.closed_low, last.closed_high, first.start, last.end)


def _later(one: Piece, other: Piece, key: Callable[[Piece], tuple[float, bool]]) -> Piece:
    left, right = key(one), key(other)
    if _same(left[0], right[0]):
        return one if left[1] else other
    return one if left[0] > right[0] else other


def _difference(left: list[Piece], right: list[Piece]) -> list[Piece]:
    return _intersection(left, _outside(right))


def _outside(pieces: list[Piece]) -> list[Piece]:
    """The real line without `pieces`."""
    found: list[Piece] = []
    low, closed, start = -inf, False, _NEGATIVE
    for piece in _merged(pieces):
        if low < piece.low:
            found.append(Piece(low, piece.low, closed, not piece.closed_low, start, piece.start))
        low, closed, start = piece.high, not piece.closed_high, piece.end
    if low < inf:
        found.append(Piece(low, inf, closed, False, start, INFINITY))
    return found


def _same(left: float, right: float) -> bool:
    # The smaller one is the scale, so that no number is the same as infinity.
    return left == right or abs(left - right) <= 1e-12 * min(abs(left), abs(right))


def _node(pieces: list[Piece]) -> Node:
    """One interval or set of points as it is usually written, or the union of all."""
    points = [piece.start for piece in pieces if piece.low == piece.high]
    parts = [_shown(piece) for piece in pieces if piece.low != piece.high]
    if points or not parts:
        parts.append(Node("set", tuple(points)))
    return parts[0] if len(parts) == 1 else Node("union", tuple(parts))


def _shown(piece: Piece) -> Node:
    brackets = ("[" if piece.closed_low else "(") + ("]" if piece.closed_high else ")")
    return Node("seq", (piece.start, piece.end), brackets)

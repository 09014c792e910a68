"""The tree of an answer, and what can be said about a tree without evaluating it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

SCALARS = frozenset({
    "num", "sym", "const", "add", "mul", "div", "neg", "pow", "root", "fact", "abs", "fn", "log", "binom",
    "percent", "unit",
})  # fmt: skip
"""The operations whose value is one number (or function), perhaps with a unit; all others are structures."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node of an answer's tree; `value` and `places` (digits after the point) are those of a number.

    `op` is one of `SCALARS`, pm, chain (relations, whose signs are its `name`), list, seq (ordered, with its
    two brackets as `name`), set, builder (a set given by a condition), union, intersection, minus, ratio,
    mod, matrix, row and words.
    """

    op: str
    args: tuple["Node", ...] = ()
    name: str = ""
    value: Fraction | None = None
    places: int = 0


INFINITY = Node("const", name="oo")
REALS = Node("seq", (Node("neg", (INFINITY,)), INFINITY), "()")


def number(value: Fraction | int) -> Node:
    """A number as a leaf."""
    return Node("num", value=Fraction(value))


def product(*factors: Node) -> Node:
    """`factors` multiplied; one factor stays as it is."""
    return factors[0] if len(factors) == 1 else Node("mul", factors)


def is_scalar(node: Node) -> bool:
    """Whether `node` stands for one number or function."""
    return node.op in SCALARS


def symbols(node: Node) -> frozenset[str]:
    """The names of the variables in `node`."""
    found: set[str] = set()
    _collect(node, found)
    return frozenset(found)


def _collect(node: Node, found: set[str]) -> None:
    if node.op == "sym":
        found.add(node.name)
    for part in node.args:
        if part.args or part.op == "sym":
            _collect(part, found)


def has(node: Node, op: str, name: str = "") -> bool:
    """Whether `node` holds a node with `op` (and `name`)."""
    if node.op == op and (not name or node.name == name):
        return True
    for part in node.args:  # noqa: SIM110 - asked so often that any() would show
        if has(part, op, name):
            return True
    return False


def rebuilt(node: Node, args: tuple[Node, ...]) -> Node:
    """`node` with other arguments."""
    return Node(node.op, args, node.name, node.value, node.places)


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """`node` with the variables named in `values` replaced."""
    if node.op == "sym":
        return values.get(node.name, node)
    return rebuilt(node, tuple(substitute(part, values) for part in node.args)) if node.args else node


def depth_exceeds(node: Node, limit: int) -> bool:
    """Whether the tree is deeper than `limit`; recursion over it would be too deep for the stack."""
    level: list[Node] = [node]
    depth = 0
    while level and depth <= limit:
        level = [part for parent in level for part in parent.args]
        depth += 1
    return bool(level)

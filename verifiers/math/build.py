"""Put what has been read together: sums, products, mixed numbers, binomials and powers of ten."""

from fractions import Fraction

from verifiers.math.matrices import add_matrices, multiply_matrices, scaled
from verifiers.math.tokens import Unsupported
from verifiers.math.tree import Node, number, product, rebuilt

CHOOSERS = frozenset("CPA")
"""The letters of combinations and arrangements."""


def added(parts: list[Node]) -> Node:
    """The sum of `parts`; a set after a minus is taken away, as in `\\mathbb{R} - \\{0\\}`."""
    if any(part.op == "matrix" or (part.op == "neg" and part.args[0].op == "matrix") for part in parts):
        return add_matrices(parts)
    if len(parts) == 2 and parts[1].op == "neg" and parts[1].args[0].op in ("set", "seq", "union"):
        return Node("minus", (parts[0], parts[1].args[0]))
    return Node("add", tuple(parts))


def joined(parts: list[Node]) -> Node:
    """The product of `parts`: `C(n, k)` is a binomial, a number times a matrix or tuple goes to its cells."""
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and parts[1].op == "seq" and len(parts[1].args) == 2 and parts[0].op == "sym":
        if parts[0].name in CHOOSERS and all(part.op in ("num", "sym", "add") for part in parts[1].args):
            return choosing(parts[0].name, *parts[1].args)
        if parts[0].name.isupper():
            return parts[1]
    if parts[-1].op == "matrix" and parts[-2].op == "matrix":
        return joined([*parts[:-2], multiply_matrices(parts[-2], parts[-1])])
    structures = [part for part in parts if part.op in ("seq", "set", "matrix", "words", "chain")]
    if not structures:
        return Node("mul", tuple(parts))
    factors = parts[-1].op == "matrix" or all(_is_factor(part) for part in parts[:-1])
    if len(structures) == 1 and parts[-1].op in ("matrix", "seq") and factors:
        return scaled(product(*parts[:-1]), parts[-1])
    raise Unsupported("A product with a tuple, set or matrix.")


def _is_factor(node: Node) -> bool:
    """Whether `node` may multiply a tuple; a name before one is a point, `A(1, 2)`, or a function."""
    return node.op not in ("sym", "words") and not (node.op == "pow" and node.args[0].op == "sym")


def choosing(name: str, whole: Node, chosen: Node) -> Node:
    """The combinations `C(n, k)`, or the arrangements `P(n, k)`: `n! / (n - k)!`."""
    if name == "C":
        return Node("binom", (whole, chosen))
    rest = Node("add", (whole, Node("neg", (chosen,))))
    return Node("div", (Node("fact", (whole,)), Node("fact", (rest,))))


def mixed(whole: Node, fraction: Node) -> Node:
    """A mixed number, such as 2 and a half; what stands after the fraction, as in `33\\frac13\\%`, is of all of it."""
    if fraction.op in ("percent", "unit"):
        return rebuilt(fraction, (mixed(whole, fraction.args[0]),))
    return Node("add", (whole, fraction), "mixed")


def is_proper(fraction: Node) -> bool:
    """Whether `fraction`, perhaps in percent or degrees, is one of two integers, the upper smaller."""
    if fraction.op in ("percent", "unit"):
        return is_proper(fraction.args[0])
    if fraction.op != "div" or any(part.op != "num" or part.places for part in fraction.args):
        return False
    above, below = (part.value or Fraction(0) for part in fraction.args)
    return 0 < above < below


def scientific(mantissa: Node, exponent: int) -> Node:
    """`mantissa` times a power of ten."""
    power = number(abs(exponent))
    power = Node("neg", (power,)) if exponent < 0 else power
    return Node("mul", (mantissa, Node("pow", (number(10), power))))

"""Arithmetic with matrices that are written out: the cells of the result are expressions."""

from collections.abc import Iterable, Sequence

from verifiers.math.tokens import NotMaths, Unsupported
from verifiers.math.tree import Node, number, product

_MOST_CELLS = 36


def matrix(rows: Iterable[Iterable[Node]]) -> Node:
    """The matrix with these cells."""
    return Node("matrix", tuple(Node("row", tuple(row)) for row in rows))


def scaled(factor: Node, node: Node) -> Node:
    """A matrix or tuple with every cell times `factor`."""
    if node.op in ("matrix", "row", "seq"):
        return Node(node.op, tuple(scaled(factor, part) for part in node.args), node.name)
    return Node("mul", (factor, node))


def transposed(node: Node) -> Node:
    """A matrix with rows for columns."""
    return matrix(zip(*(row.args for row in node.args), strict=True))


def add_matrices(parts: Sequence[Node]) -> Node:
    """The sum of matrices, some of them negated. Raises `NotMaths` where they do not fit."""
    terms = [scaled(number(-1), part.args[0]) if part.op == "neg" else part for part in parts]
    shapes = {(len(term.args), len(term.args[0].args)) if term.op == "matrix" else None for term in terms}
    if len(shapes) != 1 or None in shapes:
        raise NotMaths("Only matrices of one size can be added.")
    rows = zip(*(term.args for term in terms), strict=True)
    return matrix(
        [Node("add", cells) for cells in zip(*(row.args for row in group), strict=True)] for group in rows
    )


def multiply_matrices(left: Node, right: Node) -> Node:
    """The product of two matrices. Raises `NotMaths` where they do not fit, `Unsupported` if they are large."""
    if len(left.args[0].args) != len(right.args):
        raise NotMaths("The two matrices cannot be multiplied.")
    if len(left.args) * len(right.args[0].args) > _MOST_CELLS:
        raise Unsupported("A product of large matrices.")
    columns = transposed(right).args
    return matrix([[_dot(row, column) for column in columns] for row in left.args])


def _dot(row: Node, column: Node) -> Node:
    return Node("add", tuple(product(*pair) for pair in zip(row.args, column.args, strict=True)))


def determinant(rows: Sequence[Node]) -> Node:
    """The determinant of a matrix of at most three rows. Raises `Unsupported` for others."""
    if len(rows) > 3 or any(len(row.args) != len(rows) for row in rows):
        raise Unsupported("A determinant of more than three rows.")
    return _minor([list(row.args) for row in rows])


def _minor(cells: list[list[Node]]) -> Node:
    if len(cells) == 1:
        return cells[0][0]
    terms = []
    for place, head in enumerate(cells[0]):
        term = product(head, _minor([row[:place] + row[place + 1 :] for row in cells[1:]]))
        terms.append(Node("neg", (term,)) if place % 2 else term)
    return Node("add", tuple(terms))

r"""What only says which numbers a variable stands for: `k\pi, k \in \mathbb{Z}`, `f(x) = 2, x \in \mathbb{R}`."""

from verifiers.math.tree import REALS, Node, substitute, symbols

_INTEGERS = frozenset(("Z", "blackboard Z"))
_NATURALS = frozenset(("N", "blackboard N", "blackboard N^+"))
_REALS = frozenset(("R",))
_RATIONALS = frozenset(("Q", "blackboard Q"))

Declared = tuple[Node, dict[str, frozenset[str]]]


def undeclared(answer: Node, reference: Node) -> tuple[Node, Node]:
    """Both without the declarations of variables, if these are the same in both or only one has them.

    A variable that both declare gets one name: `k\\pi, k \\in \\mathbb{Z}` is `n\\pi, n \\in \\mathbb{Z}`. The
    naturals may or may not have 0, so all ways to write them are one.
    """
    left, right = _declared(answer), _declared(reference)
    if left is not None and right is not None:
        kinds = list(left[1].values())
        if [id(kind) for kind in kinds] != [id(kind) for kind in right[1].values()]:
            return answer, reference
        return _renamed(*left), _renamed(*right)
    return answer if left is None else left[0], reference if right is None else right[0]


def _renamed(node: Node, declared: dict[str, frozenset[str]]) -> Node:
    """`node` with its declared variables named by their place."""
    return substitute(
        node, {name: Node("sym", name=f"declared {place}") for place, name in enumerate(declared)}
    )


def _declared(node: Node) -> Declared | None:
    """`node` without its declarations, and the numbers that each variable stands for; None without one."""
    if node.op != "list":
        return None
    kinds = [_numbers(part) for part in node.args]
    declared = {
        part.args[0].name: kind for part, kind in zip(node.args, kinds, strict=True) if kind is not None
    }
    rest = tuple(part for part, kind in zip(node.args, kinds, strict=True) if kind is None)
    if not declared or not rest:
        return None
    left = rest[0] if len(rest) == 1 else Node("list", rest, node.name)
    names = symbols(left)
    return (left, declared) if all(_occurs(name, names) for name in declared) else None


def _occurs(name: str, names: frozenset[str]) -> bool:
    """Whether a variable is one of `names`, or what one of them is called with, as in `f(x)`."""
    return name in names or any(name in called.partition("(")[2].rstrip(")").split(",") for called in names)


def _numbers(node: Node) -> frozenset[str] | None:
    """The kind of numbers that `node` declares a variable to be; None where it declares nothing."""
    if node.op != "chain" or node.name != "in" or node.args[0].op != "sym":
        return None
    if node.args[1] == REALS:
        return _REALS
    return next(
        (kind for kind in (_INTEGERS, _NATURALS, _RATIONALS, _REALS) if node.args[1].name in kind), None
    )

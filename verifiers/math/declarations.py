r"""What only says which numbers a variable stands for, as in `k\pi, k \in \mathbb{Z}`."""

from verifiers.math.tree import Node, substitute, symbols

_INTEGERS = frozenset(("Z", "blackboard Z"))
_NATURALS = frozenset(("N", "blackboard N", "blackboard N^+"))

Declared = tuple[Node, str, frozenset[str]]


def undeclared(answer: Node, reference: Node) -> tuple[Node, Node]:
    """Both without the declaration of an integer variable, if it is the same in both or only one has it.

    A variable that both declare gets one name: `k\\pi, k \\in \\mathbb{Z}` is `n\\pi, n \\in \\mathbb{Z}`. The
    naturals may or may not have 0, so all ways to write them are one.
    """
    left, right = _declared(answer), _declared(reference)
    if left is not None and right is not None:
        if left[2] is not right[2]:
            return answer, reference
        same = Node("sym", name="integer")
        return substitute(left[0], {left[1]: same}), substitute(right[0], {right[1]: same})
    return answer if left is None else left[0], reference if right is None else right[0]


def _declared(node: Node) -> Declared | None:
    """`node` without its one declaration, the variable and the numbers it stands for; None without one."""
    if node.op != "list":
        return None
    kinds = [_numbers(part) for part in node.args]
    found = [(part.args[0].name, kind) for part, kind in zip(node.args, kinds, strict=True) if kind]
    rest = tuple(part for part, kind in zip(node.args, kinds, strict=True) if not kind)
    if len(found) != 1 or not rest:
        return None
    name, numbers = found[0]
    left = rest[0] if len(rest) == 1 else Node("list", rest, node.name)
    return (left, name, numbers) if name in symbols(left) else None


def _numbers(node: Node) -> frozenset[str] | None:
    """The kind of integers that `node` declares a variable to be; None where it declares nothing."""
    if node.op != "chain" or node.name != "in" or any(side.op != "sym" for side in node.args):
        return None
    return next((kind for kind in (_INTEGERS, _NATURALS) if node.args[1].name in kind), None)

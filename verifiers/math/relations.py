r"""What equations say: values assigned to names, the steps of a calculation, one side minus the other."""

import re
from fractions import Fraction
from itertools import pairwise

from verifiers.math.standard import FLIPPED, standard, target
from verifiers.math.tree import Node, is_scalar, substitute, symbols
from verifiers.math.values import TooLarge, Undefined, approximate

_NEAR = 0.01
"""The relative distance within which `≈` may stand."""

_CALL = re.compile(r"([^()]+)\(([A-Za-z](?:,[A-Za-z])*)\)")

_COORDINATES = frozenset("xyz")
_ANGLE_FUNCTIONS = frozenset(("sin", "cos", "tan", "cot", "sec", "csc"))

Assigned = dict[str, Node]


def assigned(node: Node) -> Assigned | None:
    """What a statement or list of statements assigns to which names; None if it assigns nothing.

    `x = 1 or x = 2` assigns a list to `x`; `p = 5, q = 2; p = 7, q = 2` a list of pairs to `(p,q)`.
    """
    parts = node.args if node.op in ("list", "set") and node.args else (node,)
    if any(part.op in ("seq", "list") and part.args and part.args[0].op == "chain" for part in parts):
        parts = tuple(
            statement
            for part in parts
            for statement in (part.args if part.op in ("seq", "list") and part.args else (part,))
        )
    found: Assigned = {}
    pairs: list[tuple[str, Node]] = []
    for part in parts:
        pair = _assignment(part)
        if pair is None:
            # `x = 1, 2` says that 2 is another value of x.
            if not pairs or len({name for name, _ in pairs}) != 1 or not is_scalar(part):
                return None
            pair = (pairs[0][0], part)
        pairs.append(pair)
        found[pair[0]] = pair[1]
    if len(found) == len(pairs):
        return found
    names = list(found)
    rounds, left_over = divmod(len(pairs), len(names))
    if left_over or [name for name, _ in pairs] != names * rounds:
        return None
    if len(names) == 1:
        return {names[0]: standard(Node("list", tuple(value for _, value in pairs)))}
    values = [value for _, value in pairs]
    rows = [tuple(values[start : start + len(names)]) for start in range(0, len(values), len(names))]
    return {f"({','.join(names)})": Node("list", tuple(Node("seq", row, "()") for row in rows))}


def names_several(node: Node) -> bool:
    """Whether a list gives values to different names, such as `y = 1, x = 2, x = 3`, or to other ones in each part."""
    if node.op not in ("list", "set"):
        return False
    groups = {
        frozenset(
            pair[0] for pair in map(_assignment, part.args if part.op in ("list", "seq") else (part,)) if pair
        )
        for part in node.args
    } - {frozenset()}
    return len(groups) > 1


def _assignment(node: Node) -> tuple[str, Node] | None:
    if node.op != "chain" or set(node.name.split()) - {"=", "~"}:
        return None
    sides = node.args
    name = target(sides[0])
    if name is None and len(sides) == 2 and (name := target(sides[1])) is not None:
        sides = sides[::-1]
    if name is None:
        return None
    values = sides[1:]
    if len(values) == 1:
        return name, values[0]
    return name, Node("chain", values, " ".join(node.name.split()[1:]))


def apart(found: Assigned) -> Assigned:
    """`(x, y) = (3, 2)` as `x = 3` and `y = 2`."""
    if len(found) != 1:
        return found
    name, value = next(iter(found.items()))
    names = name.strip("()").split(",")
    if name[0] != "(" or value.op != "seq" or len(value.args) != len(names):
        return found
    return dict(zip(names, value.args, strict=True))


def as_functions(found: Assigned, wanted: Assigned) -> tuple[Node, Node] | None:
    """The values of `g(t) = …` and `f(x) = …` in the same variables; None where these are not two functions."""
    if len(found) != 1 or len(wanted) != 1:
        return None
    (name, value), (other, reference) = next(iter(found.items())), next(iter(wanted.items()))
    if "y" in (name, other) and (_CALL.fullmatch(name) or _CALL.fullmatch(other)):
        return value, reference
    called, model = _as_function(name, value), _as_function(other, reference)
    if called is None or model is None or called[0].partition("(")[2] != model[0].partition("(")[2]:
        return None
    return called[1], model[1]


def with_arguments(found: Assigned) -> Assigned:
    """`f(x) = …, g(x) = …` with other names for what the functions are called with, by their place."""
    functions = [_as_function(name, value) for name, value in found.items()]
    renamed = dict(function for function in functions if function is not None)
    return renamed if len(renamed) == len(found) else found


def _as_function(name: str, value: Node) -> tuple[str, Node] | None:
    called = _CALL.fullmatch(name)
    if called is None:
        return None
    names = called[2].split(",")
    places = [f"argument {place}" for place in range(len(names))]
    arguments = {old: Node("sym", name=new) for old, new in zip(names, places, strict=True)}
    return f"{called[1]}({','.join(places)})", substitute(value, arguments)


def rows(found: Assigned) -> list[Node]:
    """The values that are assigned: one, or a tuple, in the orders in which they may be meant.

    Letters that follow each other, such as `x, y`, are taken in the order of the alphabet, others also as they
    are written. `x_1 = 2, x_2 = 3` are two values of `x`, in no order.
    """
    values = tuple(found.values())
    if len(values) == 1:
        return [values[0]]
    if len({name.partition("_")[0] for name in found}) == 1:
        return [Node("list", values)]
    if not all(len(name) == 1 for name in found):
        return [Node("seq", values, "()")]
    ordered = sorted(found)
    by_name = Node("seq", tuple(found[name] for name in ordered), "()")
    follow = all(ord(after) - ord(before) == 1 for before, after in pairwise(ordered))
    return [by_name] if follow else [by_name, Node("seq", values, "()")]


def asked(node: Node, *, surely: bool) -> Node | None:
    r"""The value in an equation whose other side only names it, as in `\cos C = \frac12`; None elsewhere.

    With `surely` that side is a function of an angle. Else it may also be an absolute value, or a sum or product
    of variables but for coordinates: `m + n = 5` answers "find m + n"; as a reference it is an equation, and
    `x + y = 5` is a line. A coefficient or a power has to be solved for: `3x = 15` is not 15. In `y/x \in [1, 2]`
    the side is anything with several variables.
    """
    if node.op == "chain" and node.name == "in":
        side, region = node.args
        told = len(symbols(side)) > 1 or (side.op == "fn" and bool(symbols(side)))
        return region if told and not symbols(region) else None
    if node.op != "chain" or set(node.name.split()) - {"=", "~"}:
        return None
    values = node.args[1:]
    value = values[0] if len(values) == 1 else Node("chain", values, " ".join(node.name.split()[1:]))
    side = node.args[0]
    names = side.op == "fn" and side.name in _ANGLE_FUNCTIONS and side.args[0].op in ("sym", "mul", "add")
    names = names and bool(symbols(side))
    return value if not symbols(value) and (names or (not surely and _names_a_value(side))) else None


def _names_a_value(side: Node) -> bool:
    return _only_names(side) and (side.op == "abs" or not _COORDINATES & symbols(side))


def _only_names(node: Node) -> bool:
    """Whether `node` adds, subtracts or multiplies variables, and does nothing else; `-a` is a coefficient."""
    if node.op == "add":
        parts = [part.args[0] if part.op == "neg" else part for part in node.args]
        return node.args[0].op != "neg" and all(map(_only_names, parts))
    if node.op == "abs":
        return _only_names(node.args[0])
    return node.op == "sym" or (node.op == "mul" and all(part.op == "sym" for part in node.args))


def steps(node: Node) -> tuple[Node, ...]:
    """The values of a calculation such as `3 + 4 = 7`; a last `≈` is left out. Else nothing."""
    names = node.name.split()
    if node.op != "chain" or set(names) - {"=", "~"} or symbols(node):
        return ()
    if names[-1] == "~" and _are_near(*node.args[-2:]):
        return node.args[:-1]
    return node.args


def _are_near(left: Node, right: Node) -> bool:
    try:
        here, there = approximate(left, {}).value, approximate(right, {}).value
    except (Undefined, TooLarge):
        return False
    return abs(here - there) <= _NEAR * abs(here)


def difference(node: Node) -> tuple[Node, str] | None:
    """A relation `l R r` as `l - r` and R, with < for >; None if it has other or more sides."""
    if node.op != "chain" or len(node.args) != 2 or not all(is_scalar(side) for side in node.args):
        return None
    left, right = node.args
    if node.name[0] == ">":
        return Node("add", (right, Node("neg", (left,)))), FLIPPED[node.name]
    return Node("add", (left, Node("neg", (right,)))), "=" if node.name == "~" else node.name


def is_inequality(node: Node) -> bool:
    """Whether `node` is an inequality between two sides, in several variables: no region of the real line."""
    return node.op == "chain" and node.name[0] in "<>" and len(node.args) == 2 and len(symbols(node)) > 1


def subject(node: Node) -> str | None:
    """The one variable that an inequality, or a list of them, is about; None of anything else."""
    parts = node.args if node.op == "list" else (node,)
    if not parts or any(part.op != "chain" or not _bounds(part) for part in parts):
        return None
    names = symbols(node)
    return next(iter(names)) if len(names) == 1 else None


def _bounds(node: Node) -> bool:
    return node.name[0] in "<>!" or node.name == "in"


def turned(node: Node) -> Node:
    """`a < b = c` as `c = b > a`."""
    names = [FLIPPED.get(name, name) for name in reversed(node.name.split())]
    return Node("chain", node.args[::-1], " ".join(names))


def spread(shift: int, place: int) -> Fraction:
    """Values for several variables, none of them special, other ones for each `shift`."""
    return Fraction(shift * 389 + place * 211 + 100, 997)

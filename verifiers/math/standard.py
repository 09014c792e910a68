r"""One shape for the ways to say the same: `±` as a set, `x < 5` and `x \in S` as intervals, flat lists."""

from itertools import combinations

from verifiers.math.inequalities import absolutes, coefficients, replaced, solution, where_absolute
from verifiers.math.regions import as_region, both, everything_but
from verifiers.math.tree import INFINITY, REALS, SCALARS, Node, has, rebuilt, symbols

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "~": "~"}
_FUNCTION_NAMES = frozenset("fghpqFGHPQRSTW")
_UNKNOWNS = frozenset("xyzt")
_MOST_COMPARED = 12
_NEGATIVE = Node("neg", (INFINITY,))
_REGIONS = frozenset(("union", "intersection", "minus"))


def standard(node: Node) -> Node:
    """`node` in its one shape; elements of structures are left as they are."""
    if node.op == "chain":
        return _interval(node)
    if node.op in ("list", "set"):
        return _flat(node)
    if node.op in _REGIONS:
        return as_region(_standard_region(node)) or node
    if node.op == "pm" or ((node.op in SCALARS or node.op == "seq") and has(node, "pm")):
        return Node("set", (_choose(node, plus=True), _choose(node, plus=False)))
    return node


def _standard_region(node: Node) -> Node:
    return Node(node.op, tuple(standard(part) for part in node.args))


# Lists


def _flat(node: Node) -> Node:
    """A list or set, with both values of each ± in it; inequalities about one variable as one region."""
    if node.op == "list" and (region := _region_of_all(node)) is not None:
        return region
    parts: list[Node] = []
    for part in node.args:
        made = standard(part)
        if has(part, "pm") and made.op == "set":
            parts += made.args
        else:
            parts.append(made if node.op == "list" and part.op != "chain" else part)
    if node.op == "list" and len(parts) == 1:
        return parts[0]
    return Node(node.op, tuple(parts), node.name if node.op == "list" else "")


def _region_of_all(node: Node) -> Node | None:
    """Where the inequalities of a list hold, or one of them; None where it lists other things.

    Beside an inequality, `x = 7` is a point, and half-lines listed with it or with each other are taken together.
    """
    given = _said_of_each(node.args)
    parts = [_range(part) for part in given]
    statements = [statement for part in given for statement in _statements(part)]
    inequality = any(statement.name[0] in "<>!" for statement in statements)
    if not (inequality or all(part is not None and part.op != "set" for part in parts)) or not _of_one(
        statements
    ):
        return None
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    union = Node("union", tuple(known))
    listed = not all(part.op in ("chain", "list") for part in given)
    if listed and _overlap(known):
        return None
    if listed or node.name == "or":
        return as_region(union) or union
    found: Node | None = known[0]
    for part in known[1:]:
        found = both(found, part) if found is not None else None
    if node.name == "and":
        return found or Node("intersection", tuple(known))
    # x < 1, x > 3 is written for "or" too, and so is x < 1, x = 3: "and" would leave nothing or the point.
    if found is None or not found.args or any(part.op == "set" for part in known):
        return as_region(union) or union
    return found


def _overlap(parts: list[Node]) -> bool:
    """Whether two of the regions have a point in common: then they are two answers."""
    shared = [both(left, right) for left, right in combinations(parts[:_MOST_COMPARED], 2)]
    return any(region is not None and region.args for region in shared)


def _said_of_each(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    r"""`x \ne 1, 2` as `x \ne 1` and `x \ne 2`."""
    first = parts[0]
    if first.op != "chain" or first.name != "!=" or target(first.args[0]) is None:
        return parts
    return tuple(
        Node("chain", (first.args[0], part), "!=") if part.op in SCALARS and not symbols(part) else part
        for part in parts
    )


def _range(node: Node) -> Node | None:
    """The region that one statement of a list stands for: an inequality, several of them, a half-line or a point."""
    if node.op == "chain" and node.name == "=" and target(node.args[0]) is not None:
        return (
            Node("set", (node.args[1],)) if node.args[1].op in SCALARS and not symbols(node.args[1]) else None
        )
    made = standard(node)
    if made.op == "set" and node.op == "list" and _statements(node):
        return made  # x < 0 and x > 1, or x <= 0 and x >= 0
    if made.op not in ("seq", "union"):
        return None
    if node.op == "chain":
        return made if node.name[0] in "<>!" else made if has(made, "const", "oo") else None
    if node.op == "list":
        return made if _statements(node) else None
    return made if has(made, "const", "oo") else None


def _statements(node: Node) -> list[Node]:
    """The relations in a list, and in the lists in it."""
    if node.op != "list":
        return [node] if node.op == "chain" else []
    return [statement for part in node.args for statement in _statements(part)]


def _of_one(statements: list[Node]) -> bool:
    """Whether all of them are about the same variable."""
    return len(frozenset().union(*(symbols(statement) for statement in statements))) <= 1


# Plus or minus


def _choose(node: Node, *, plus: bool) -> Node:
    """`node` with every ± taken as + (and ∓ as −), or the other way round."""
    if not node.args:
        return node
    args = tuple(_choose(part, plus=plus) for part in node.args)
    if node.op != "pm":
        return rebuilt(node, args)
    right = args[1] if plus == (node.name == "pm") else Node("neg", (args[1],))
    return right if args[0].value == 0 else Node("add", (args[0], right))


# Inequalities


def target(node: Node) -> str | None:
    """The name that a side of a relation is, if it is one: `x`, `AB`, `(x, y)`, `f(x)`, `|AB|`, `a/b`."""
    if node.op == "sym":
        return node.name
    if node.op == "seq" and node.args and all(part.op == "sym" for part in node.args):
        return "(" + ",".join(part.name for part in node.args) + ")"
    if node.op == "mul" and all(part.op == "sym" for part in node.args):
        names = [part.name for part in node.args]
        called = len(names) == 2 and names[0] in _FUNCTION_NAMES and names[1].islower()
        change = len(names) == 2 and names[0] == "Delta"
        return "".join(names) if called or change or all(name.isupper() for name in names) else None
    if node.op == "ratio" and all(target(part) is not None for part in node.args):
        return ":".join(part.name for part in node.args)
    if node.op == "abs" and node.args[0].op == "mul" and (name := target(node.args[0])) is not None:
        return f"|{name}|"
    if node.op == "div":
        above, below = (target(part) for part in node.args)
        return f"{above}/{below}" if above is not None and below is not None else None
    return None


def _interval(node: Node) -> Node:
    r"""The interval or set that a chain such as `1 < x \le 3` or `x \in S` stands for, or the chain."""
    names, sides = node.name.split(), node.args
    if names == ["in"]:
        if target(sides[0]) is None and sides[0].op in SCALARS:
            return node  # -x in (0, 1) says nothing of x in (0, 1)
        return REALS if sides[1] == Node("sym", name="R") else standard(sides[1])
    if names == ["!="]:
        return _all_but(node)
    if len({name[0] for name in names}) != 1 or names[0][0] not in "<>":
        return node
    if (region := _of_absolute(node)) is not None:
        return region
    if names[0][0] == ">":
        names, sides = [FLIPPED[name] for name in reversed(names)], sides[::-1]
    where = [place for place, side in enumerate(sides) if target(side) is not None and side.op != "seq"]
    where = [place for place in where if sides[place].name in _UNKNOWNS] if len(where) == 2 else where
    if len(where) != 1 or any(
        _UNKNOWNS & symbols(side) for place, side in enumerate(sides) if place != where[0]
    ):
        return _solved(names, sides) or node
    low, high = ("[" if names[0] == "<=" else "("), ("]" if names[-1] == "<=" else ")")
    if len(sides) == 3 and where == [1]:
        return Node("seq", (sides[0], sides[2]), low + high)
    if len(sides) != 2:
        return node
    if where == [0]:
        return Node("seq", (_NEGATIVE, sides[1]), "(" + high)
    return Node("seq", (sides[0], INFINITY), low + ")")


def _solved(names: list[str], sides: tuple[Node, ...]) -> Node | None:
    """The region where each of two or more sides is less than the next one; None where that is not known."""
    found: Node | None = None
    for name, left, right in zip(names, sides, sides[1:], strict=False):
        region = solution(left, name, right)
        found = region if found is None or region is None else both(found, region)
        if found is None:
            return None
    return found


def _all_but(node: Node) -> Node:
    left, right = node.args
    if right.op == "sym" and left.op != "sym":
        left, right = right, left
    if left.op != "sym" or symbols(right):
        return node
    points = standard(right)
    return everything_but(points.args if points.op == "set" else (right,)) or node


def _of_absolute(node: Node) -> Node | None:
    """The region that a chain of inequalities about one `|ax + b|`, with numbers beside it, stands for."""
    found = absolutes(node)
    if len(found) != 1 or found[0].args[0].op not in SCALARS or target(found[0]) is not None:
        return None
    line = coefficients(found[0].args[0])
    if line is None:
        return None
    whole = Node("sym", name="absolute value")
    chain = replaced(node, found[0], whole)
    if symbols(chain) != {whole.name}:
        return None
    sizes = _interval(chain)
    return None if sizes.op != "seq" else where_absolute(line, sizes)

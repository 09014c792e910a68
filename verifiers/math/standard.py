r"""One shape for the ways to say the same: `±` as a set, `x < 5` and `x \in S` as intervals, flat lists."""

from verifiers.math.linear import absolutes, coefficients, half_line, replaced, where_absolute
from verifiers.math.regions import as_region, both, everything_but
from verifiers.math.tree import INFINITY, REALS, SCALARS, Node, has, rebuilt, symbols

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "~": "~"}
_FUNCTION_NAMES = frozenset("fghpqFGHPQRSTW")
_UNKNOWNS = frozenset("xyzt")
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
    parts: list[Node] = []
    given: list[Node] = []
    for part in node.args:
        made = standard(part)
        more = made.args if has(part, "pm") and made.op == "set" else (made if node.op == "list" else part,)
        parts += more
        given += [part] * len(more)
    if node.op == "list" and len(parts) == 1:
        return parts[0]
    if node.op == "list" and all(map(_is_range, given, parts)) and _of_one_variable(given):
        together = node.name == "and" and all(part.op == "chain" for part in given)
        return _joined_ranges(parts, "and" if together else "or" if node.name != "," else ",") or Node(
            "union", tuple(parts)
        )
    return Node(node.op, tuple(parts), node.name if node.op == "list" else "")


def _of_one_variable(statements: list[Node]) -> bool:
    """Whether all inequalities among `statements` are about the same variable."""
    return len(frozenset().union(*(symbols(part) for part in statements if part.op == "chain"))) <= 1


def _is_range(given: Node, made: Node) -> bool:
    """Whether `given` is an inequality that stands for the interval or union `made`, or a half-line."""
    inequality = given.op == "chain" and given.name[0] in "<>"
    return made.op in ("seq", "union") and (inequality or has(made, "const", "oo"))


def _joined_ranges(parts: list[Node], connective: str) -> Node | None:
    """`x > 3, x < 5` is where both hold, `x < 3 or x > 5` where one does."""
    if connective == "or":
        return as_region(Node("union", tuple(parts)))
    found: Node | None = parts[0]
    for part in parts[1:]:
        found = both(found, part) if found is not None else None
    if connective == "and":
        return found
    # x < 1, x > 3 is written for "or" too: "and" would leave nothing.
    return found if found is not None and found.args else as_region(Node("union", tuple(parts)))


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
        return half_line(*sides, strict=names == ["<"]) or node if len(sides) == 2 else node
    low, high = ("[" if names[0] == "<=" else "("), ("]" if names[-1] == "<=" else ")")
    if len(sides) == 3 and where == [1]:
        return Node("seq", (sides[0], sides[2]), low + high)
    if len(sides) != 2:
        return node
    if where == [0]:
        return Node("seq", (_NEGATIVE, sides[1]), "(" + high)
    return Node("seq", (sides[0], INFINITY), low + ")")


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

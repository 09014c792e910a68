"""Compare two answer trees: structures element by element, and at the leaves two numbers or expressions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verifiers.math_parse import Node
from verifiers.math_scalars import Decision, compare_scalars, has, symbols
from verifiers.math_values import Inexact, TooLarge, Undefined, approximate, exact

MAX_UNORDERED = 60
"""Elements of a set or list that are matched without regard to order."""

MAX_REPEATS = 3
"""How often one value may be given again, as in `0.5, 1/2`, where the reference is that value."""

_LAYERS = (
    "exact",
    "structure",
    "rational",
    "percent",
    "units",
    "rounded",
    "numeric",
    "symbolic",
    "math-verify",
)
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=", "~": "~"}
_SCALARS = frozenset({
    "num", "sym", "const", "add", "mul", "div", "neg", "pow", "root", "fact", "abs",
    "fn", "log", "binom", "percent",
    "unit",
})  # fmt: skip

Ask = Callable[[Node, Node], Decision]


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares trees. `ask` decides about scalars that fractions and floats leave open; `units` says whether
    a unit may be left out (`optional`), must be there if the reference has one (`required`)."""

    ask: Ask
    units: str = "optional"

    def compare(self, answer: Node, reference: Node) -> Decision:
        """Whether `answer` means the same as `reference`."""
        answer, reference = _standard(answer), _standard(reference)
        if answer == reference:
            return Decision(True, "structure")
        if (decision := self._assignments(answer, reference)) is not None:
            return decision
        if "chain" in (answer.op, reference.op):
            return self._relations(answer, reference)
        if _is_scalar(answer) and _is_scalar(reference):
            return self._measures(answer, reference)
        return self._structures(answer, reference)

    # Names and relations

    def _assignments(self, answer: Node, reference: Node) -> Decision | None:
        """`x = 5` against `5`, `x = 5` against `x = 5.0`, `x = 1, y = 2` against `(1, 2)`; or None."""
        left, right = _assigned(answer), _assigned(reference)
        if left is None and right is None:
            return None
        if left is not None and right is not None:
            names, others = sorted(left), sorted(right)
            if names != others:
                return None if len(names) == len(others) == 1 else _no("It assigns other variables.")
            return self._all([(left[name], right[name]) for name in names])
        if left is not None:
            return None if reference.op == "chain" else self.compare(_row(left), reference)
        assert right is not None
        return None if answer.op == "chain" else self.compare(answer, _row(right))

    def _relations(self, answer: Node, reference: Node) -> Decision:
        """Two equations or inequalities, equal up to a factor; or values of which one is given in steps."""
        if answer.op == "chain" and (values := _steps(answer)) and reference.op != "chain":
            return self._all([(value, reference) for value in values])
        if reference.op == "chain" and (values := _steps(reference)) and answer.op != "chain":
            return self._all([(answer, value) for value in values])
        if answer.op != reference.op:
            return _no("One is an equation or inequality and the other is not.")
        left, right = _difference(answer), _difference(reference)
        if left is None or right is None or left[1] != right[1]:
            return _no("The relations differ.")
        return self._proportional(left[0], right[0], signed=left[1] != "=" and left[1] != "!=")

    def _proportional(self, left: Node, right: Node, *, signed: bool) -> Decision:
        names = sorted(symbols(left) | symbols(right))
        for shift in range(1, 8):
            point = {name: Node("num", value=_fraction(shift, place)) for place, name in enumerate(names)}
            here, there = _substitute(left, point), _substitute(right, point)
            try:
                sizes = approximate(here, {}).value.real, approximate(there, {}).value.real
            except (Undefined, TooLarge):
                continue
            if min(map(abs, sizes)) < 1e-9:
                continue
            if signed and (sizes[0] > 0) != (sizes[1] > 0):
                return _no("The inequality points the other way.")
            decision = compare_scalars(Node("mul", (left, there)), Node("mul", (right, here)))
            reason = "" if decision.equal else "The two are different equations or inequalities."
            return Decision(bool(decision.equal), decision.layer, reason)
        return _no("The two relations cannot be compared.")

    # Scalars

    def _measures(self, answer: Node, reference: Node) -> Decision:
        """Two scalars that may have units or be percentages."""
        if answer.op == "unit" or reference.op == "unit":
            return self._with_units(answer, reference)
        if (answer.op == "percent") != (reference.op == "percent"):
            decision = self._scalars(answer, reference)
            if decision.equal or self.units == "required":
                return decision
            again = self._scalars(_peel(answer), _peel(reference))
            return Decision(True, "percent") if again.equal else decision
        return (
            self._scalars(_peel(answer), _peel(reference))
            if answer.op == "percent"
            else self._scalars(answer, reference)
        )

    def _with_units(self, answer: Node, reference: Node) -> Decision:
        left, right = (node.name if node.op == "unit" else "" for node in (answer, reference))
        if "percent" in (answer.op, reference.op):
            return Decision(False, "units", "One is a percentage and the other has a unit.")
        if left and right and left != right:
            return Decision(False, "units", f"The unit {left} is not {right}.")
        if right and not left and self.units == "required":
            return Decision(False, "units", f"The unit {right} is missing.")
        decision = self._measures(_without_unit(answer), _without_unit(reference))
        if not decision.equal and (left, right) in (("degree", ""), ("", "degree")):
            radians = self._scalars(answer, reference)
            decision = radians if radians.equal else decision
        return decision

    def _scalars(self, answer: Node, reference: Node) -> Decision:
        if answer == reference:
            return Decision(True, "structure")
        if has(answer, "const", "oo") or has(reference, "const", "oo"):
            return _no("One is infinite.")
        decision = compare_scalars(answer, reference)
        return self.ask(answer, reference) if decision.equal is None else decision

    # Structures

    def _structures(self, answer: Node, reference: Node) -> Decision:
        answer, reference = _as_vector(answer, reference), _as_vector(reference, answer)
        if _is_scalar(reference):
            return self._one_wanted(answer, reference)
        if _is_scalar(answer):
            if len(reference.args) == 1 and reference.op in ("set", "seq"):
                return self.compare(answer, reference.args[0])
            return _no(f"It is one value; the reference is {_describe(reference)}.")
        if (answer.op == "set") != (reference.op == "set"):
            single, other = (answer, reference) if answer.op == "set" else (reference, answer)
            if len(single.args) == 1 and other.op != "list":
                answer, reference = (_only(part) for part in (answer, reference))
                return self.compare(answer, reference)
        unordered = ("list", "set")
        if (reference.op in unordered and answer.op in unordered) or answer.op == reference.op in (
            "union",
            "intersection",
        ):
            return self._unordered(answer.args, reference.args)
        if "list" in (answer.op, reference.op) and "seq" in (answer.op, reference.op):
            return self._ordered(answer.args, reference.args)
        if answer.op != reference.op or answer.name != reference.name:
            return _no(f"It is {_describe(answer)}; the reference is {_describe(reference)}.")
        return self._ordered(answer.args, reference.args)

    def _one_wanted(self, answer: Node, reference: Node) -> Decision:
        """A structure where the reference is one value: right if it holds that value and nothing else."""
        if (answer.op == "list" and len(answer.args) <= MAX_REPEATS) or (
            len(answer.args) == 1 and answer.op in ("set", "seq")
        ):
            decision = self._all([(part, reference) for part in answer.args])
            if decision.equal:
                return decision
        return _no(f"It is {_describe(answer)}; the reference is one value.")

    def _ordered(self, answer: Sequence[Node], reference: Sequence[Node]) -> Decision:
        if len(answer) != len(reference):
            return _no(f"It has {len(answer)} elements, not {len(reference)}.")
        return self._all(list(zip(answer, reference, strict=True)))

    def _unordered(self, answer: Sequence[Node], reference: Sequence[Node]) -> Decision:
        if len(answer) != len(reference):
            return _no(f"It has {len(answer)} elements, not {len(reference)}.")
        if len(answer) > MAX_UNORDERED:
            return self._ordered(answer, reference)
        left, layer = list(answer), "structure"
        for wanted in reference:
            for place, part in enumerate(left):
                decision = self.compare(part, wanted)
                if decision.equal:
                    layer = max(layer, decision.layer, key=_LAYERS.index)
                    del left[place]
                    break
            else:
                return _no("An element of the reference is missing.")
        return Decision(True, layer)

    def _all(self, pairs: list[tuple[Node, Node]]) -> Decision:
        layer = "structure"
        for answer, reference in pairs:
            decision = self.compare(answer, reference)
            if not decision.equal:
                return decision
            layer = max(layer, decision.layer, key=_LAYERS.index)
        return Decision(True, layer)


def _only(node: Node) -> Node:
    return node.args[0] if node.op == "set" and len(node.args) == 1 else node


def _no(reason: str) -> Decision:
    return Decision(False, "structure", reason)


def _standard(node: Node) -> Node:
    """One shape for the ways to say the same: `±` as a set, `x < 5` and `x ∈ S` as intervals, flat lists."""
    if node.op == "chain":
        return _interval(node)
    if node.op == "list":
        return _standard_list(node)
    if node.op == "pm" or (node.op in _SCALARS | {"seq"} and has(node, "pm")):
        return Node("set", (_choose(node, plus=True), _choose(node, plus=False)))
    return node


def _standard_list(node: Node) -> Node:
    parts: list[Node] = []
    for part in node.args:
        standard = _standard(part)
        parts += standard.args if has(part, "pm") and standard.op == "set" else (standard,)
    if all(part.op == "seq" and _unbounded(part) for part in parts):
        both = _overlap(parts) if node.name != "or" else None
        return both or Node("union", tuple(parts))
    return Node("list", tuple(parts))


def _overlap(parts: list[Node]) -> Node | None:
    """`x > 3, x < 5` as the interval in which both hold; None unless they are a lower and an upper bound."""
    if len(parts) != 2:
        return None
    lower, upper = sorted(parts, key=lambda part: not _unbounded(part.args[1]))
    if _unbounded(lower.args[0]) or not _unbounded(lower.args[1]) or _unbounded(upper.args[1]):
        return None
    try:
        start, end = (approximate(bound, {}).value.real for bound in (lower.args[0], upper.args[1]))
    except (Undefined, TooLarge):
        return None
    ends = (lower.args[0], upper.args[1])
    return Node("seq", ends, lower.name[0] + upper.name[1]) if start < end else None


def _unbounded(node: Node) -> bool:
    return has(node, "const", "oo")


def _choose(node: Node, *, plus: bool) -> Node:
    """`node` with every ± taken as + (and ∓ as −), or the other way round."""
    args = tuple(_choose(part, plus=plus) for part in node.args)
    if node.op != "pm":
        return Node(node.op, args, node.name, node.value, node.places)
    right = args[1] if plus == (node.name == "pm") else Node("neg", (args[1],))
    return right if args[0].value == 0 else Node("add", (args[0], right))


def _interval(node: Node) -> Node:
    """The interval or set that a chain such as `1 < x \\le 3` or `x \\in S` stands for, or the chain."""
    names, sides = node.name.split(), node.args
    if names == ["in"]:
        return _standard(sides[1])
    if len({name[0] for name in names}) != 1 or names[0][0] not in "<>":
        return node
    if names[0][0] == ">":
        names, sides = [_FLIPPED[name] for name in reversed(names)], sides[::-1]
    where = [place for place, side in enumerate(sides) if side.op == "sym"]
    if len(where) != 1 or any(symbols(side) for side in sides if side.op != "sym"):
        return _linear(sides, strict=names == ["<"]) or node if len(sides) == 2 else node
    infinity = Node("const", name="oo")
    if len(sides) == 3 and where == [1]:
        return Node(
            "seq",
            (sides[0], sides[2]),
            ("[" if names[0] == "<=" else "(") + ("]" if names[1] == "<=" else ")"),
        )
    if len(sides) != 2:
        return node
    if where == [0]:
        return Node("seq", (Node("neg", (infinity,)), sides[1]), "(" + ("]" if names[0] == "<=" else ")"))
    return Node("seq", (sides[0], infinity), ("[" if names[0] == "<=" else "(") + ")")


def _linear(sides: tuple[Node, ...], *, strict: bool) -> Node | None:
    """The half-line that `l < r` (or `l <= r`) stands for if both are linear in one variable."""
    names = symbols(sides[0]) | symbols(sides[1])
    if len(names) != 1:
        return None
    name = next(iter(names))
    try:
        at = [
            exact(sides[1], {name: Fraction(place)}) - exact(sides[0], {name: Fraction(place)})
            for place in range(4)
        ]
    except (Inexact, Undefined, TooLarge):
        return None
    slope = at[1] - at[0]
    if slope == 0 or at[2] - at[1] != slope or at[3] - at[2] != slope:
        return None
    bound, infinity = Node("num", value=-at[0] / slope), Node("const", name="oo")
    if slope > 0:
        return Node("seq", (bound, infinity), "()" if strict else "[)")
    return Node("seq", (Node("neg", (infinity,)), bound), "()" if strict else "(]")


def _assigned(node: Node) -> dict[str, Node] | None:
    """What a statement or list of statements assigns to which names; None if it assigns nothing."""
    parts = node.args if node.op == "list" else (node,)
    found: dict[str, Node] = {}
    several: list[Node] = []
    for part in parts:
        pair = _assignment(part)
        if pair is None and not (found and len(found) == 1 and _is_scalar(part)):
            return None
        name, value = pair if pair is not None else (next(iter(found)), part)
        if name in found:
            several = several or [found[name]]
            several.append(value)
        elif several:
            return None
        found[name] = value
    if several:
        if len(found) > 1:
            return None
        return {next(iter(found)): _standard(Node("list", tuple(several)))}
    return found


def _assignment(node: Node) -> tuple[str, Node] | None:
    if node.op != "chain" or set(node.name.split()) - {"=", "~"}:
        return None
    sides = node.args
    if (
        (target := _target(sides[0])) is None
        and len(sides) == 2
        and (target := _target(sides[1])) is not None
    ):
        sides = sides[::-1]
    if target is None:
        return None
    values = sides[1:]
    if len(values) == 1:
        return target, values[0]
    return target, Node("chain", values, " ".join(node.name.split()[1:]))


def _target(node: Node) -> str | None:
    """The name that a side of an equation is, if it is one: `x`, `AB`, `(x, y)`."""
    if node.op == "sym":
        return node.name
    if node.op == "seq" and node.args and all(part.op == "sym" for part in node.args):
        return "(" + ",".join(part.name for part in node.args) + ")"
    if node.op == "mul" and all(part.op == "sym" and part.name.isupper() for part in node.args):
        return "".join(part.name for part in node.args)
    return None


def _row(assigned: dict[str, Node]) -> Node:
    values = tuple(assigned.values())
    return values[0] if len(values) == 1 else Node("seq", values, "()")


def _steps(node: Node) -> tuple[Node, ...]:
    """The values of a calculation such as `3 + 4 = 7`; a last `≈` is left out. Else nothing."""
    names = node.name.split()
    if set(names) - {"=", "~"} or symbols(node):
        return ()
    return node.args[:-1] if names[-1] == "~" else node.args


def _difference(node: Node) -> tuple[Node, str] | None:
    """A relation `l R r` as `l - r` and R, with < for >; None if it has other or more sides."""
    if len(node.args) != 2 or not all(_is_scalar(side) for side in node.args):
        return None
    left, right = node.args
    if node.name[0] == ">":
        return Node("add", (right, Node("neg", (left,)))), _FLIPPED[node.name]
    return Node("add", (left, Node("neg", (right,)))), "=" if node.name == "~" else node.name


def _substitute(node: Node, point: dict[str, Node]) -> Node:
    if node.op == "sym":
        return point[node.name]
    args = tuple(_substitute(part, point) for part in node.args)
    return Node(node.op, args, node.name, node.value, node.places)


def _fraction(shift: int, place: int) -> Fraction:
    return Fraction(shift * 389 + place * 211 + 100, 997)


def _peel(node: Node) -> Node:
    return node.args[0] if node.op == "percent" else node


def _without_unit(node: Node) -> Node:
    return node.args[0] if node.op == "unit" else node


def _is_scalar(node: Node) -> bool:
    return node.op in _SCALARS


def _as_vector(node: Node, other: Node) -> Node:
    """A matrix of one row or column as a tuple, where it is compared with one."""
    if node.op != "matrix" or other.op == "matrix":
        return node
    if len(node.args) == 1:
        return Node("seq", node.args[0].args, "()")
    if all(len(row.args) == 1 for row in node.args):
        return Node("seq", tuple(row.args[0] for row in node.args), "()")
    return node


def _describe(node: Node) -> str:
    size = len(node.args)
    if node.op == "seq":
        bracket = node.name
        return f"a sequence of {size} in {bracket}" if size != 2 else f"a pair or interval in {bracket}"
    names = {"list": f"{size} values", "set": f"a set of {size}", "chain": "an equation or inequality"}
    return names.get(node.op, f"a {node.op}")

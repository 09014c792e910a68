"""Compare two answer trees: structures element by element, and at the leaves two numbers or expressions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from verifiers.math.declarations import undeclared
from verifiers.math.policy import Policy
from verifiers.math.quantities import compare_quantities
from verifiers.math.relations import (
    Assigned,
    apart,
    as_functions,
    asked,
    assigned,
    difference,
    is_inequality,
    names_several,
    rows,
    spread,
    steps,
    subject,
    turned,
    with_arguments,
)
from verifiers.math.scalars import Decision, compare_scalars
from verifiers.math.standard import standard
from verifiers.math.tree import Node, has, is_scalar, number, substitute, symbols
from verifiers.math.values import TooLarge, Undefined, approximate, exact_integer

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
    "latex",
)
_UNORDERED = frozenset(("list", "set"))

Ask = Callable[[Node, Node], Decision]


@dataclass(frozen=True, slots=True)
class Comparer:
    """Compares trees by `policy`; `ask` decides about scalars that fractions and floats leave open."""

    ask: Ask
    policy: Policy

    def compare(self, answer: Node, reference: Node) -> Decision:
        """Whether `answer` means the same as `reference`."""
        if is_scalar(answer) and is_scalar(reference) and not (has(answer, "pm") or has(reference, "pm")):
            return self._values(answer, reference)
        answer, reference = undeclared(answer, reference)
        if is_inequality(answer) and is_inequality(reference):
            return self._relations(answer, reference)
        if len(names := {subject(answer), subject(reference)} - {None}) > 1:
            return _no(f"One is about {' and the other about '.join(map(str, sorted(map(str, names))))}.")
        answer, reference = standard(answer), standard(reference)
        if answer == reference:
            return Decision(True, "structure")
        if (decision := self._assignments(answer, reference)) is not None:
            return decision
        if "chain" in (answer.op, reference.op):
            return self._relations(answer, reference)
        if is_scalar(answer) and is_scalar(reference):
            return self._values(answer, reference)
        return self._structures(answer, reference)

    # Names and relations

    def _assignments(self, answer: Node, reference: Node) -> Decision | None:
        """`x = 5` against `5`, `x = 5` against `x = 5.0`, `x = 1, y = 2` against `(1, 2)`; or None."""
        left, right = assigned(answer), assigned(reference)
        if (left is None and names_several(answer) and not names_several(reference)) or (
            right is None and names_several(reference) and not names_several(answer)
        ):
            return _no("It names different things.")
        if left is None and right is None:
            return None
        if _says_either(answer, left) != _says_either(reference, right) and "set" not in (
            answer.op,
            reference.op,
        ):
            return _no("One says that either holds, the other that both do.")
        if left is not None and right is not None:
            if left.keys() != right.keys() and (values := as_functions(left, right)) is not None:
                return self.compare(*values)
            for same in (apart, with_arguments):
                if left.keys() != right.keys():
                    left, right = same(left), same(right)
            if left.keys() != right.keys():
                return None if len(left) == len(right) == 1 else _no("It assigns other variables.")
            return self._all([(left[name], right[name]) for name in left])
        if left is not None:
            return None if reference.op == "chain" else self._any(rows(left), [reference])
        assert right is not None
        return None if answer.op == "chain" else self._any([answer], rows(right))

    def _any(self, answers: list[Node], references: list[Node]) -> Decision:
        """Whether one of the answers is one of the references; else why the first is not."""
        decisions = [self.compare(answer, reference) for answer in answers for reference in references]
        return next((decision for decision in decisions if decision.equal), decisions[0])

    def _relations(self, answer: Node, reference: Node) -> Decision:
        """Two equations or inequalities, equal up to a factor; or values of which one is given in steps."""
        found, wanted = steps(answer), steps(reference)
        if (found or answer.op != "chain") and (wanted or reference.op != "chain"):
            pairs = [(left, right) for left in found or (answer,) for right in wanted or (reference,)]
            if answer.name.endswith("~") and reference.name.endswith("~"):
                pairs.append((answer.args[-1], reference.args[-1]))
            return self._all(pairs)
        if answer.op != reference.op:
            value, wanted_value = asked(answer, surely=False), asked(reference, surely=True)
            if value is not None or wanted_value is not None:
                return self.compare(value or answer, wanted_value or reference)
            return _no("One is an equation or inequality and the other is not.")
        left, right = difference(answer), difference(reference)
        if left is None or right is None or left[1] != right[1]:
            return self._side_by_side(answer, reference)
        return self._proportional(left[0], right[0], signed=left[1] != "=" and left[1] != "!=")

    def _side_by_side(self, answer: Node, reference: Node) -> Decision:
        """Longer chains, or those of structures: the same relations between the same sides."""
        decision = _no("The relations differ.")
        for turned_round in (answer, turned(answer)):
            if turned_round.name == reference.name and not decision.equal:
                decision = self._all(list(zip(turned_round.args, reference.args, strict=True)))
        return decision

    def _proportional(self, left: Node, right: Node, *, signed: bool) -> Decision:
        names = sorted(symbols(left) | symbols(right))
        if not names or symbols(left) != symbols(right):
            return _no("The two relations are not about the same variables.")
        for shift in range(1, 8):
            point = {name: number(spread(shift, place)) for place, name in enumerate(names)}
            here, there = substitute(left, point), substitute(right, point)
            try:
                sizes = approximate(here, {}).value.real, approximate(there, {}).value.real
            except (Undefined, TooLarge):
                continue
            if min(map(abs, sizes)) < 1e-9:
                continue
            if signed and (sizes[0] > 0) != (sizes[1] > 0):
                return _no("The inequality points the other way.")
            decision = self._scalars(Node("mul", (left, there)), Node("mul", (right, here)))
            reason = "" if decision.equal else "The two are different equations or inequalities."
            return Decision(bool(decision.equal), decision.layer, reason)
        return _no("The two relations cannot be compared.")

    # Scalars

    def _values(self, answer: Node, reference: Node) -> Decision:
        """Two scalars that may have units or be percentages."""
        if answer == reference:
            return Decision(True, "structure")
        return compare_quantities(answer, reference, self.policy, self._numbers)

    def _numbers(self, answer: Node, reference: Node) -> Decision:
        if answer == reference:
            return Decision(True, "structure")
        if has(answer, "const", "oo") or has(reference, "const", "oo"):
            return _no("One is infinite.")
        decision = self._scalars(answer, reference)
        return self.ask(answer, reference) if decision.equal is None else decision

    def _scalars(self, answer: Node, reference: Node) -> Decision:
        return compare_scalars(answer, reference, self.policy.rounding)

    # Structures

    def _structures(self, answer: Node, reference: Node) -> Decision:
        answer, reference = _shaped(answer, reference), _shaped(reference, answer)
        if is_scalar(reference):
            return self._one_wanted(answer, reference)
        if is_scalar(answer):
            if len(reference.args) == 1 and reference.op in ("set", "seq"):
                return self.compare(answer, reference.args[0])
            if reference.op == "mod" and symbols(reference):
                return self._numbers(answer, Node("fn", reference.args, "remainder"))
            return _no(f"It is one value; the reference is {_describe(reference)}.")
        if (answer.op == "set") != (reference.op == "set"):
            single, other = (answer, reference) if answer.op == "set" else (reference, answer)
            if len(single.args) == 1 and other.op != "list":
                return self.compare(_only(answer), _only(reference))
        if answer.op == reference.op == "mod":
            return self._congruent(answer, reference)
        if answer.op == reference.op == "ratio":
            return self._ratios(answer.args, reference.args)
        if {answer.name, reference.name} == {"and", "or"} and has(answer, "words"):
            return _no("One says that either holds, the other that both do.")
        if self._is_unordered(answer, reference):
            return self._unordered(answer.args, reference.args)
        if answer.op in _UNORDERED | {"seq"} and reference.op in _UNORDERED | {"seq"}:
            return self._sequences(answer, reference)
        if answer.op != reference.op or answer.name != reference.name:
            return _no(f"It is {_describe(answer)}; the reference is {_describe(reference)}.")
        return self._ordered(answer.args, reference.args)

    def _is_unordered(self, answer: Node, reference: Node) -> bool:
        kinds = {answer.op, reference.op}
        if kinds in ({"union"}, {"intersection"}):
            return True
        if self.policy.order == "ignored":
            return kinds <= _UNORDERED | {"seq"}
        return self.policy.order == "brackets" and kinds <= _UNORDERED

    def _sequences(self, answer: Node, reference: Node) -> Decision:
        """Two ordered things: the brackets count where they may be those of an interval or a set."""
        if self.policy.order != "required" and "set" in (answer.op, reference.op):
            return _no(f"It is {_describe(answer)}; the reference is {_describe(reference)}.")
        if answer.op == reference.op == "seq" and len(answer.args) == 2 and answer.name != reference.name:
            return _no(f"It is {_describe(answer)}; the reference is {_describe(reference)}.")
        kinds = [(node.op, node.name) for node in (answer, reference)]
        if (("seq", "[)") in kinds or ("seq", "(]") in kinds) and answer.op != reference.op:
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
        if answer.op == "mod":
            remainder = self._numbers(Node("fn", answer.args, "remainder"), reference)
            return remainder if remainder.equal else self.compare(answer.args[0], reference)
        return _no(f"It is {_describe(answer)}; the reference is one value.")

    def _congruent(self, answer: Node, reference: Node) -> Decision:
        """`3 mod 7` and `10 mod 7`."""
        moduli = self.compare(answer.args[1], reference.args[1])
        if not moduli.equal:
            return moduli
        left, right, modulus = (exact_integer(part) for part in (answer.args[0], *reference.args))
        if left is None or right is None or not modulus:
            return self.compare(answer.args[0], reference.args[0])
        same = (left - right) % modulus == 0
        return Decision(same, "rational", "" if same else f"They differ modulo {modulus}.")

    def _ratios(self, answer: Sequence[Node], reference: Sequence[Node]) -> Decision:
        """`1:2:3` and `2:4:6`: every part times the other's first one."""
        if len(answer) != len(reference):
            return _no(f"It has {len(answer)} parts, not {len(reference)}.")
        pairs = zip(answer[1:], reference[1:], strict=True)
        return self._all(
            [(Node("div", (left, answer[0])), Node("div", (right, reference[0]))) for left, right in pairs]
        )

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


def _no(reason: str) -> Decision:
    return Decision(False, "structure", reason)


def _says_either(node: Node, found: Assigned | None) -> bool:
    """Whether `node` is `x = 1 or y = 2`, about different names."""
    return node.op == "list" and node.name == "or" and found is not None and len(found) > 1


def _only(node: Node) -> Node:
    return node.args[0] if node.op == "set" and len(node.args) == 1 else node


def _shaped(node: Node, other: Node) -> Node:
    """A matrix of one row or column as a tuple, and a tuple of rows as a matrix, where the other one is so."""
    if node.op == "matrix" and other.op != "matrix":
        brackets = other.name if other.op == "seq" else "()"
        if len(node.args) == 1:
            return Node("seq", node.args[0].args, brackets)
        if all(len(row.args) == 1 for row in node.args):
            return Node("seq", tuple(row.args[0] for row in node.args), brackets)
    if other.op == "matrix" and node.op in ("seq", "list") and all(part.op == "seq" for part in node.args):
        return Node("matrix", tuple(Node("row", part.args) for part in node.args))
    return node


def _describe(node: Node) -> str:
    size = len(node.args)
    if node.op == "seq":
        bracket = node.name
        return f"a sequence of {size} in {bracket}" if size != 2 else f"a pair or interval in {bracket}"
    names = {"list": f"{size} values", "set": f"a set of {size}", "chain": "an equation or inequality"}
    return names.get(node.op, f"a {node.op}")

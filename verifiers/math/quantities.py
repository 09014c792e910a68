r"""Compare two scalars of which one or both have a unit, a base or a percent sign, by the rules of a policy."""

from collections.abc import Callable

from verifiers.math.policy import Policy
from verifiers.math.scalars import Decision
from verifiers.math.tree import Node, has, is_scalar, number, product, symbols
from verifiers.math.units import LETTERS, conversion

Compare = Callable[[Node, Node], Decision]

_GREEK = {"μ": "mu", "Ω": "Omega"}
_ANGLES = frozenset(("degree", "rad"))


def compare_quantities(answer: Node, reference: Node, policy: Policy, values: Compare) -> Decision:
    """Whether two scalars are the same; `values` compares what is left without units."""
    answer, reference = _as_quantity(answer, reference), _as_quantity(reference, answer)
    answer, reference = _as_product(answer, reference), _as_product(reference, answer)
    if answer.op == "unit" or reference.op == "unit":
        return _with_units(answer, reference, policy, values)
    if (answer.op == "percent") == (reference.op == "percent"):
        return (
            values(_bare(answer), _bare(reference)) if answer.op == "percent" else values(answer, reference)
        )
    decision = values(answer, reference)
    # Only a plain number is read as if its percent sign were left out.
    if decision.equal or policy.percent == "required" or not (_is_plain(answer) and _is_plain(reference)):
        return decision
    return Decision(True, "percent") if values(_bare(answer), _bare(reference)).equal else decision


def _with_units(answer: Node, reference: Node, policy: Policy, values: Compare) -> Decision:
    left, right = (node.name if node.op == "unit" else "" for node in (answer, reference))
    if "percent" in (answer.op, reference.op):
        return Decision(False, "units", "One is a percentage and the other has a unit.")
    if right and not left and policy.units != "optional":
        return Decision(False, "units", f"The unit {right} is missing.")
    if left.startswith("base ") or right.startswith("base "):
        return _in_bases(answer, reference, values)
    if _ANGLES & {left, right} and {left, right} <= _ANGLES | {""} and left != right:
        return _angles(answer, reference, policy, values)
    if left and right and left != right:
        return _converted(answer, reference, policy, values)
    if not (is_scalar(_bare(answer)) and is_scalar(_bare(reference))):
        return Decision(False, "units", "What has a unit is no number.")
    return compare_quantities(_bare(answer), _bare(reference), policy, values)


def _converted(answer: Node, reference: Node, policy: Policy, values: Compare) -> Decision:
    scale = conversion(answer.name, reference.name) if policy.units != "same" else None
    if scale is None:
        return Decision(False, "units", f"The unit {answer.name} is not {reference.name}.")
    factor, offset = scale
    value = product(_bare(answer), number(factor))
    value = Node("add", (value, number(offset))) if offset else value
    decision = values(value, _bare(reference))
    return Decision(True, "units") if decision.equal else decision


def _angles(answer: Node, reference: Node, policy: Policy, values: Compare) -> Decision:
    r"""Degrees against radians or a bare number, which may be either: `180^\circ` is `180` and `\pi`."""
    sides = tuple(
        _bare(node) if node.op == "unit" and node.name == "rad" else node for node in (answer, reference)
    )
    decision = values(*sides)
    if decision.equal or any(node.op == "unit" and node.name == "rad" for node in (answer, reference)):
        return Decision(True, "units") if decision.equal else decision
    if policy.units == "same":
        return Decision(False, "units", "One is in degrees and the other is not.")
    return values(_bare(answer), _bare(reference))


def _in_bases(answer: Node, reference: Node, values: Compare) -> Decision:
    """Numerals are the same if their digits and bases are; a base may be left out as a unit may."""
    if answer.op == reference.op == "unit" and answer.name != reference.name:
        return Decision(False, "units", f"{answer.name} is not {reference.name}.")
    left, right = _bare(answer), _bare(reference)
    if "words" in (left.op, right.op):
        same = _digits(left) == _digits(right) is not None
        return Decision(same, "units", "" if same else "The digits differ.")
    if left.op == right.op == "num":
        return values(left, right)
    return Decision(False, "units", "One of the two is no numeral.")


def _digits(node: Node) -> str | None:
    """The digits that `1AF` is in a base above ten, where it reads as a product."""
    if node.op == "words" or (node.op == "sym" and len(node.name) == 1):
        return node.name
    if node.op == "num" and node.value is not None and not node.places:
        return str(node.value)
    if node.op != "mul":
        return None
    parts = [_digits(part) for part in node.args]
    return None if None in parts else "".join(part for part in parts if part is not None)


def _as_quantity(node: Node, other: Node) -> Node:
    """`5m` as 5 metres where no variable is meant: the other one is a number or has a unit."""
    names = symbols(node)
    if not names or not names <= LETTERS or symbols(other) or node.op == "unit" or has(node, "percent"):
        return node
    if other.name.startswith("base "):
        return node
    return _quantity(node) or node


def _quantity(node: Node) -> Node | None:
    """A number times letters, or over letters, as a quantity in these units."""
    factors: list[Node] = []
    units: list[str] = []
    above = node.args[0] if node.op == "div" else node
    for part in above.args if above.op == "mul" else (above,):
        name = _letter_unit(part)
        if name is None and (units or symbols(part)):
            return None
        factors += [part] if name is None else []
        units += [name] if name is not None else []
    if node.op == "div":
        below = _letter_unit(node.args[1])
        if below is None or "^" in below:
            return None
        units.append(below + "^-1")
    if not factors or not units or node.args[0] == node:
        return None
    return Node("unit", (product(*factors),), "*".join(units))


def _letter_unit(node: Node) -> str | None:
    if node.op == "sym" and node.name in LETTERS:
        return node.name
    if node.op != "pow" or node.args[0].op != "sym" or node.args[0].name not in LETTERS:
        return None
    power = node.args[1]
    if power.op != "num" or power.value is None or power.value.denominator != 1:
        return None
    return f"{node.args[0].name}^{power.value}"


def _as_product(node: Node, other: Node) -> Node:
    """`5 m` as a product where the other one has the variable `m`."""
    if node.op != "unit" or not symbols(other) or node.name.startswith("base "):
        return node
    factors = [node.args[0]]
    for part in node.name.split("*"):
        name, _, power = part.partition("^")
        if len(name) > 3 or not {_GREEK.get(letter, letter) for letter in name} <= symbols(other):
            return node
        letters = [Node("sym", name=_GREEK.get(letter, letter)) for letter in name]
        letters[-1] = Node("pow", (letters[-1], number(int(power)))) if power else letters[-1]
        factors += letters
    return product(*factors)


def _is_plain(node: Node) -> bool:
    """Whether `node` is a number as it is written, perhaps with a sign or in percent."""
    if node.op in ("neg", "percent"):
        return _is_plain(node.args[0])
    return node.op == "num" or node.name == "mixed"


def _bare(node: Node) -> Node:
    """The value without its unit or percent sign."""
    return node.args[0] if node.op in ("unit", "percent") else node

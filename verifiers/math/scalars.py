"""Are two numbers, or two expressions, equal? Exactly if possible, numerically if the errors allow it."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from verifiers.math.tree import Node, has, symbols
from verifiers.math.values import (
    Approx,
    Env,
    Inexact,
    TooLarge,
    Undefined,
    Underflow,
    approximate,
    exact,
    exact_integer,
)

_CLOSE = 1e-11
_FINEST = 1e-9  # absolute; two answers that differ by less are told apart by fractions or symbolically
_LARGEST_EXPONENT = 200
_ENOUGH = 3
_SMALL, _MIDDLE, _LARGE = (80, 900), (1_100, 4_000), (40_000, 4_000_000)
_POINTS = (
    (_SMALL, 1), (_MIDDLE, 1), (_LARGE, 1), (_SMALL, 1), (_MIDDLE, 1), (_SMALL, 1),
    (_LARGE, -1), (_MIDDLE, -1), (_SMALL, 2), (_MIDDLE, -2), (_SMALL, 4), (_LARGE, -4),
)  # fmt: skip
"""Where functions are compared: bounds of the values, in 997ths, and their signs: one, or alternating with the period.

Large ones tell `|x - 5|` from `5 - x`.
"""
_WHOLE_POINTS = 48
"""Points at which functions of whole numbers are compared, a quarter of them with negative values."""
_WHOLE_NAMES = frozenset("klmnNMK")
"""Names that stand for whole numbers where a floor, a ceiling or a common divisor is taken."""
_STEPS = 2
"""Whole points at which floors and ceilings of real variables are compared, too: fewer than agreements needed."""
_LOST = 1e-10
"""Relative to the largest part of a sum, the size from which floating point can lose a part; see `_loses`."""
_HIDDEN = 1e-5
"""The size below which a constant inside a function may leave no trace in floating point, as in `\\cos(10^{-8})`."""
_LONG = 10**9
"""A number from which on floating point may not tell it from its neighbours, once a function is taken of it."""
_BENDING = frozenset(("fn", "log", "pow", "root", "fact"))
"""Operations that may turn a small difference into one that is too small."""
_EXACT_PLACES = 10
"""A decimal with so many places is no other constant's value, but for rounding, whatever floating point says."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether two things are equal (None: undecided), the layer that says so and, if not, why."""

    equal: bool | None
    layer: str
    reason: str = ""


UNDECIDED = Decision(None, "numeric")


def compare_scalars(answer: Node, reference: Node, rounding: int | None) -> Decision:
    """Compare two expressions by value: in fractions, then in floating point.

    `rounding`: the digits after the point from which a decimal may stand, rounded, for a value that is not
    whole; None for no rounding.
    """
    names = symbols(answer) | symbols(reference)
    if not names:
        return _compare_constants(answer, reference, rounding)
    return _compare_functions(answer, reference, sorted(names))


def _compare_constants(answer: Node, reference: Node, rounding: int | None) -> Decision:
    decision = compare_at(answer, reference, {})
    if decision.equal and decision.layer == "numeric" and not _is_safe(answer, reference):
        decision = UNDECIDED
    if decision.equal is not True and rounding is not None and _rounds(answer, reference, rounding):
        return Decision(True, "rounded")
    return decision


def _compare_functions(answer: Node, reference: Node, names: list[str]) -> Decision:
    """Compare at seeded points where both are real; one clear difference decides, else three agreements do."""
    real = not (has(answer, "const", "i") or has(reference, "const", "i"))
    whole = set(names) <= _WHOLE_NAMES and (_takes_whole(answer) or _takes_whole(reference))
    for anywhere in (False,) if whole else (True, False):
        points = (
            _random_points(names, steps=_takes_whole(answer) or _takes_whole(reference))
            if anywhere
            else _whole_points(names, signed=_is_signed(answer, reference))
        )
        agreed, layer, too_large = 0, "rational", UNDECIDED
        for env in points:
            decision = compare_at(answer, reference, env, real=real)
            if decision.layer == "limits":
                too_large = decision
            elif decision.equal is False:
                shown = ", ".join(f"{name} = {env[name]}" for name in names)
                return Decision(False, decision.layer, f"They differ at {shown}.")
            agreed += decision.equal is True
            layer = decision.layer if decision.layer == "numeric" else layer
        if agreed >= _ENOUGH:
            safe = layer == "rational" or _is_safe(answer, reference)
            return Decision(True, layer) if safe else UNDECIDED
    return too_large


def _random_points(names: list[str], *, steps: bool) -> Iterator[Env]:
    """Points between whole numbers; with `steps`, first some whole ones, where floors and ceilings step."""
    if steps:
        yield from islice(_whole_points(names, signed=False), _STEPS)
    source = random.Random(2501_12599)
    for (low, high), sign in _POINTS:
        first, period = (1 if sign > 0 else -1), abs(sign)
        yield {
            name: Fraction(
                (first if place % period < (period + 1) // 2 else -first) * source.randint(low, high), 997
            )
            for place, name in enumerate(names)
        }


def _whole_points(names: list[str], *, signed: bool) -> Iterator[Env]:
    """Different points of whole numbers, drawn for each name apart, so that the parities of all names mix.

    Negative ones, too, if `signed`.
    """
    source = random.Random(1_2599)
    seen: set[tuple[int, ...]] = set()
    for place in range(_WHOLE_POINTS):
        parities = [place >> bit & 1 if bit < 5 else source.randint(0, 1) for bit in range(len(names))]
        signs = (1, -1) if place % 4 == 3 and signed else (1,)
        point = tuple(source.choice(signs) * (2 * source.randint(0, 6) + parity) for parity in parities)
        if point not in seen:
            yield {name: Fraction(value) for name, value in zip(names, point, strict=True)}
        seen.add(point)


def _is_signed(answer: Node, reference: Node) -> bool:
    """Whether whole numbers may be negative here: where a common divisor is taken they are not."""
    return not any(has(node, "fn", name) for node in (answer, reference) for name in ("gcd", "lcm"))


def _takes_whole(node: Node) -> bool:
    """Whether `node` holds a function whose argument is usually whole, or rounded to be so."""
    return any(has(node, "fn", name) for name in ("floor", "ceil", "gcd", "lcm"))


def compare_at(answer: Node, reference: Node, env: Env, *, real: bool = False) -> Decision:
    """Compare two expressions at one point. With `real`, a point where either is not real decides nothing."""
    try:
        left, right = exact(answer, env), exact(reference, env)
    except Inexact:
        pass
    except Undefined:
        return UNDECIDED if env else Decision(False, "rational", "One of the two has no value.")
    except TooLarge:
        return _compare_sizes(answer, reference, env)
    else:
        reason = "" if left == right else f"{_show(left)} is not {_show(right)}."
        return Decision(left == right, "rational", reason)
    bases = (math.e, 10.0) if has(answer, "log") or has(reference, "log") else (math.e,)
    decisions = [_compare_floats(answer, reference, env, real, base) for base in bases]
    return next((decision for decision in decisions if decision.equal), decisions[0])


def _is_safe(answer: Node, reference: Node) -> bool:
    """Whether floating point, which finds the two equal, can be relied upon."""
    if any(_decimal(node, _EXACT_PLACES) is not None for node in (answer, reference)):
        return False
    return not (_loses(answer) or _loses(reference))


def _loses(node: Node, *, inside: bool = False) -> bool:
    r"""Whether floating point may lose a part of `node`: of a sum such as `\pi + 10^{-15}`, or of a long number.

    Parts with variables count as 1: what matters is the constant ones. `inside` a function, a power or a root
    a small constant may leave no trace either.
    """
    if node.op == "num" and node.value is not None:
        above, below = abs(node.value.numerator), node.value.denominator
        return above >= _LONG or below >= _LONG or (inside and 0 < above < _HIDDEN * below)
    if node.op == "add":
        sizes = [1.0 if symbols(part) else _size(part) for part in node.args]
        sizes = [size for size in sizes if size]
        if sizes and min(sizes) < _LOST * max(sizes):
            return True
    if inside and node.op in ("div", "pow", "mul") and not symbols(node) and 0 < _size(node) < _HIDDEN:
        return True
    inside = inside or node.op in _BENDING
    return any(_loses(part, inside=inside) for part in node.args)


def _size(node: Node) -> float:
    """About how large a constant is; 0 where that is unknown."""
    try:
        return abs(approximate(node, {}).value)
    except (Undefined, TooLarge):
        return 0.0


def _compare_sizes(answer: Node, reference: Node, env: Env) -> Decision:
    """One of them is beyond the bounds of exact arithmetic: unequal if the other one is small.

    Powers of one base differ if their exponents do.
    """
    exponents = _exponents(answer, reference, env)
    if exponents is not None and exponents[0] != exponents[1]:
        return Decision(False, "rational", "They are different powers of one number.")
    sizes: list[Fraction | None] = []
    for node in (answer, reference):
        try:
            sizes.append(abs(exact(node, env)))
        except TooLarge:
            sizes.append(None)
        except (Inexact, Undefined):
            return UNDECIDED
    small = [size for size in sizes if size is not None]
    if len(small) == 1 and small[0].numerator.bit_length() + small[0].denominator.bit_length() < 1_000:
        return Decision(False, "limits", "One of the two is too large to evaluate; the other is not.")
    return UNDECIDED


def _exponents(answer: Node, reference: Node, env: Env) -> tuple[Fraction, Fraction] | None:
    """The exponents of two powers of one base that is not 0, 1 or -1; None of anything else."""
    if answer.op != "pow" or reference.op != "pow":
        return None
    try:
        left, base = (exact(node.args[0], env) for node in (answer, reference))
        if left != base or abs(base) in (0, 1):
            return None
        return exact(answer.args[1], env), exact(reference.args[1], env)
    except (Inexact, Undefined, TooLarge):
        return None


def _compare_floats(answer: Node, reference: Node, env: Env, real: bool, base: float) -> Decision:
    try:
        left, right = approximate(answer, env, base), approximate(reference, env, base)
    except Underflow:
        zero = any(_is_zero(node, env) for node in (answer, reference))
        return Decision(False, "numeric", "One is 0 and the other is not.") if zero else UNDECIDED
    except (Undefined, TooLarge):
        return UNDECIDED
    if real and (_is_complex(left) or _is_complex(right)):
        return UNDECIDED
    gap, error = abs(left.value - right.value), left.error + right.error
    size = max(abs(left.value), abs(right.value))
    if gap > 1_000 * error + 1e-300 and gap > 1e-13 * size:
        reason = f"About {_show(left.value)} is not about {_show(right.value)}."
        return Decision(False, "numeric", reason)
    tolerance = max(error * 16, size * 1e-14)
    if gap <= tolerance < _FINEST and ((size > _FINEST and error < _CLOSE * size) or size <= 64 * error):
        return Decision(True, "numeric")
    return UNDECIDED


def _is_zero(node: Node, env: Env) -> bool:
    try:
        return exact(node, env) == 0
    except (Inexact, Undefined, TooLarge):
        return False


def _is_complex(number: Approx) -> bool:
    return abs(number.value.imag) > max(number.error * 16, 1e-12)


def _rounds(answer: Node, reference: Node, rounding: int) -> bool:
    """Whether one is a decimal of at least `rounding` places to which the other, not whole, rounds."""
    for decimal, other in ((answer, reference), (reference, answer)):
        found = _decimal(decimal, rounding)
        if found is None:
            continue
        value, places = found
        if (gap := _gap(other, value)) is not None and gap <= 0.5000001 * 10.0**-places:
            return True
    return False


def _decimal(node: Node, rounding: int) -> tuple[Fraction, int] | None:
    """The value of a decimal with at least `rounding` places, and its last place; also in scientific form."""
    sign = -1 if node.op == "neg" else 1
    number = node.args[0] if node.op == "neg" else node
    exponent = 0
    if number.op == "mul" and len(number.args) == 2 and number.args[1].op == "pow":
        number, power = number.args
        base, raised = power.args
        scale = exact_integer(raised) if base.op == "num" and base.value == 10 else None
        if scale is None or abs(scale) > _LARGEST_EXPONENT:
            return None
        exponent = scale
    if number.op != "num" or number.places < rounding or number.value is None:
        return None
    return sign * number.value * Fraction(10) ** exponent, number.places - exponent


def _gap(node: Node, value: Fraction) -> float | None:
    """The distance of `node` from `value`; None where it is an integer, not real, or unknown."""
    try:
        whole = exact(node, {})
        return None if whole.denominator == 1 or value.denominator == 1 else float(abs(whole - value))
    except (Undefined, TooLarge):
        return None
    except Inexact:
        pass
    try:
        number = approximate(node, {})
        return None if _is_complex(number) else abs(number.value.real - float(value))
    except (Undefined, TooLarge, OverflowError):
        return None


def _show(value: Fraction | complex) -> str:
    if isinstance(value, Fraction):
        short = value.numerator.bit_length() + value.denominator.bit_length() < 200
        return str(value) if short else "a long number"
    return f"{value.real:.6g}" if abs(value.imag) < 1e-12 else f"{value:.6g}"

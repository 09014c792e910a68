"""Evaluate trees: exactly with fractions, or in floating point with an error bound.

Both are bounded: a power, factorial or binomial whose value would be huge raises `TooLarge` before any work.
"""

import cmath
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from verifiers.math.tree import Node

MAX_BITS = 100_000
MAX_FACTORIAL = 3_000

Env = Mapping[str, Fraction]


class Inexact(Exception):
    """The value is not a fraction that this evaluator can find."""


class Undefined(Exception):
    """The value does not exist, as after a division by zero, or the tree is no number."""


class TooLarge(Exception):
    """The value, or a step towards it, is beyond the bounds."""


# Exact


def exact(node: Node, env: Env) -> Fraction:
    """The value of `node` as a fraction. Raises `Inexact`, `Undefined` or `TooLarge`."""
    if node.op == "num":
        assert node.value is not None
        return node.value
    if node.op == "sym":
        if node.name in env:
            return env[node.name]
        raise Inexact
    if node.op not in _EXACT or (node.op == "fn" and node.name not in _EXACT_FUNCTIONS):
        raise Inexact
    values = [exact(argument, env) for argument in node.args]
    if node.op == "fn":
        return _EXACT_FUNCTIONS[node.name](values)
    value = _EXACT[node.op](values)
    if value.numerator.bit_length() + value.denominator.bit_length() > 2 * MAX_BITS:
        raise TooLarge
    return value


def exact_integer(node: Node) -> int | None:
    """The value of `node` if it is an integer; None where it is not, or is not known."""
    try:
        value = exact(node, {})
    except (Inexact, Undefined, TooLarge):
        return None
    return int(value) if value.denominator == 1 else None


def _exact_div(values: list[Fraction]) -> Fraction:
    if values[1] == 0:
        raise Undefined
    return values[0] / values[1]


def _exact_pow(values: list[Fraction]) -> Fraction:
    base, exponent = values
    if exponent.denominator != 1:
        if base < 0:
            raise Inexact
        return _exact_pow([_exact_root([base, Fraction(exponent.denominator)]), Fraction(exponent.numerator)])
    if base in (0, 1, -1):
        if base == 0 and exponent <= 0:
            raise Undefined
        return base if base != -1 or exponent % 2 else Fraction(1)
    bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
    if abs(exponent) * bits > MAX_BITS:
        raise TooLarge
    power: Fraction = base ** int(exponent)
    return power


def _exact_root(values: list[Fraction]) -> Fraction:
    value, degree = values
    if degree.denominator != 1 or not 1 <= degree <= 64 or (value < 0 and degree % 2 == 0):
        raise Inexact
    sign = -1 if value < 0 else 1
    return sign * Fraction(
        _integer_root(abs(value.numerator), int(degree)), _integer_root(value.denominator, int(degree))
    )


def _integer_root(number: int, degree: int) -> int:
    """The root of `number` if it is an integer; `Inexact` otherwise."""
    if degree == 2:
        root = math.isqrt(number)
    else:
        if number.bit_length() > 1_000:
            raise Inexact
        root = round(number ** (1 / degree)) if number else 0
    if root**degree != number:
        raise Inexact
    return root


def _natural(value: Fraction) -> int:
    if value.denominator != 1 or value < 0:
        raise Inexact
    if value > MAX_FACTORIAL:
        raise TooLarge
    return int(value)


def _exact_binom(values: list[Fraction]) -> Fraction:
    return Fraction(math.comb(_natural(values[0]), _natural(values[1])))


_EXACT: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "add": lambda v: sum(v, Fraction(0)),
    "mul": lambda v: _product(v),
    "neg": lambda v: -v[0],
    "div": _exact_div,
    "pow": _exact_pow,
    "root": _exact_root,
    "fact": lambda v: Fraction(math.factorial(_natural(v[0]))),
    "binom": _exact_binom,
    "abs": lambda v: abs(v[0]),
    "percent": lambda v: v[0] / 100,
    "fn": lambda v: v[0],
}


def _product(values: list[Fraction]) -> Fraction:
    total = Fraction(1)
    for value in values:
        total *= value
        if total.numerator.bit_length() + total.denominator.bit_length() > 2 * MAX_BITS:
            raise TooLarge
    return total


def _integers(values: list[Fraction]) -> list[int]:
    if any(value.denominator != 1 for value in values):
        raise Inexact
    return [int(value) for value in values]


_EXACT_FUNCTIONS: dict[str, Callable[[list[Fraction]], Fraction]] = {
    "floor": lambda v: Fraction(math.floor(v[0])),
    "ceil": lambda v: Fraction(math.ceil(v[0])),
    "gcd": lambda v: Fraction(math.gcd(*_integers(v))),
    "lcm": lambda v: Fraction(math.lcm(*_integers(v))),
    "max": max,
    "min": min,
    "sgn": lambda v: Fraction((v[0] > 0) - (v[0] < 0)),
    "remainder": lambda v: _remainder(v),
    "gamma": lambda v: Fraction(math.factorial(_natural(v[0] - 1))),
    "factorial2": lambda v: Fraction(prod(range(_natural(v[0]), 0, -2))),
}


def _remainder(values: list[Fraction]) -> Fraction:
    if values[1] == 0:
        raise Undefined
    return values[0] % values[1]


# Floating point


class Underflow(TooLarge):
    """The value is not 0, but too small for floating point."""


@dataclass(frozen=True, slots=True)
class Approx:
    """A complex value and a bound on its absolute error."""

    value: complex
    error: float


_EPSILON = 2.0**-52
_CONSTANTS = {"pi": math.pi, "e": math.e, "i": 1j}


def approximate(node: Node, env: Env, log_base: float = math.e) -> Approx:
    """The value of `node` in floating point. A `\\log` without a base is to `log_base`.

    Raises `Undefined` or `TooLarge`.
    """
    try:
        return _approximate(node, env, log_base)
    except (OverflowError, RecursionError):
        raise TooLarge from None
    except (ZeroDivisionError, ValueError):
        raise Undefined from None


def _approximate(node: Node, env: Env, log_base: float) -> Approx:
    if node.op in ("num", "sym"):
        value = node.value if node.op == "num" else env.get(node.name)
        if value is None:
            raise Undefined
        number = _float(value)
        return Approx(complex(number), 0.0 if Fraction(number) == value else abs(number) * _EPSILON)
    if node.op == "const":
        if node.name not in _CONSTANTS:
            raise Undefined
        return Approx(complex(_CONSTANTS[node.name]), _EPSILON * 4)
    parts = [_approximate(argument, env, log_base) for argument in node.args]
    if node.op == "add":
        error = sum(part.error for part in parts)
        return _finite(sum((part.value for part in parts), 0j), error)
    if node.op == "mul":
        return _multiplied(parts)
    if node.op == "neg":
        return Approx(0 - parts[0].value, parts[0].error)  # -(1+0j) is -1-0j, on the other side of a cut
    return _perturbed(_operation(node, log_base), parts)


def _float(value: Fraction) -> float:
    number = float(value)
    if number == 0 and value != 0:
        raise TooLarge
    return number


def _multiplied(parts: list[Approx]) -> Approx:
    value, error = 1 + 0j, 0.0
    for part in parts:
        error = abs(value) * part.error + abs(part.value) * error + error * part.error
        value *= part.value
    return _finite(value, error)


def _finite(value: complex, error: float) -> Approx:
    if not (cmath.isfinite(value) and math.isfinite(error)):
        raise TooLarge
    return Approx(value, error + 2 * _EPSILON * abs(value))


def _perturbed(operation: Callable[..., complex], parts: list[Approx]) -> Approx:
    """The value of `operation` and how much it moves when each argument moves by its error."""
    values = [part.value for part in parts]
    value = operation(*values)
    error = 0.0
    for place, part in enumerate(parts):
        for move in (part.error, -part.error) if part.error else ():
            moved = [*values[:place], values[place] + move, *values[place + 1 :]]
            error += abs(operation(*moved) - value)
    return _finite(value, error + 4 * _EPSILON * abs(value))


def _operation(node: Node, log_base: float) -> Callable[..., complex]:
    if node.op == "log":
        return lambda x, base=log_base: cmath.log(x) / cmath.log(base)
    if node.op == "fn":
        if node.name not in _FUNCTIONS:
            raise Undefined
        return _FUNCTIONS[node.name]
    if node.op == "unit" and node.name == "degree":
        return lambda x: x * (math.pi / 180)
    if node.op not in _OPERATIONS:
        raise Undefined
    return _OPERATIONS[node.op]


def _power(base: complex, exponent: complex) -> complex:
    if base == 0:
        if exponent.real <= 0:
            raise Undefined
        return 0j
    if exponent.imag == 0 and exponent.real.is_integer() and abs(exponent.real) <= 64:
        return complex(
            prod([base] * int(abs(exponent.real))) if exponent.real >= 0 else 1 / base ** int(-exponent.real)
        )
    return _nonzero(base**exponent)


def _nonzero(value: complex) -> complex:
    if value == 0:
        raise Underflow
    return value


def _saturating(function: Callable[[complex], complex], limit: float) -> Callable[[complex], complex]:
    """`function` where floating point can tell its value from the one it tends to."""

    def below(value: complex) -> complex:
        if abs(value) > limit:
            raise TooLarge
        return function(value)

    return below


_tanh = _saturating(cmath.tanh, 15.0)
_atan = _saturating(cmath.atan, 1e8)


def _root(value: complex, degree: complex) -> complex:
    """The real root where there is one, the principal root otherwise."""
    if value.imag == 0 and value.real < 0 and degree.imag == 0 and round(degree.real, 9) % 2 == 1:
        return complex(-((-value.real) ** (1 / degree.real)))
    if value == 0:
        return 0j
    return cmath.sqrt(value) if degree == 2 else value ** (1 / degree)


def _factorial(value: complex) -> complex:
    if abs(value.imag) > 1e-12 or value.real > 170:
        raise TooLarge
    return complex(math.gamma(value.real + 1))


def _real(function: Callable[[float], float]) -> Callable[[complex], complex]:
    def on_reals(value: complex) -> complex:
        if abs(value.imag) > 1e-12:
            raise Undefined
        return complex(function(value.real))

    return on_reals


_OPERATIONS: dict[str, Callable[..., complex]] = {
    "div": lambda a, b: a / b,
    "pow": _power,
    "root": _root,
    "fact": _factorial,
    "abs": lambda x: complex(abs(x)),
    "percent": lambda x: x / 100,
}

_FUNCTIONS: dict[str, Callable[..., complex]] = {
    "sin": cmath.sin, "cos": cmath.cos, "tan": cmath.tan, "sinh": cmath.sinh, "cosh": cmath.cosh,
    "tanh": _tanh, "exp": lambda x: _nonzero(cmath.exp(x)), "ln": cmath.log,
    "arcsin": cmath.asin, "arccos": cmath.acos, "arctan": _atan,
    "asin": cmath.asin, "acos": cmath.acos, "atan": _atan,
    "arcsinh": cmath.asinh, "arccosh": cmath.acosh, "arctanh": cmath.atanh,
    "asinh": cmath.asinh, "acosh": cmath.acosh, "atanh": cmath.atanh,
    "cot": lambda x: 1 / cmath.tan(x), "sec": lambda x: 1 / cmath.cos(x), "csc": lambda x: 1 / cmath.sin(x),
    "coth": lambda x: 1 / _tanh(x),
    "sech": lambda x: 1 / cmath.cosh(x), "csch": lambda x: 1 / cmath.sinh(x),
    "arccot": lambda x: cmath.pi / 2 - _atan(x),
    "arcsec": lambda x: cmath.acos(1 / x), "arccsc": lambda x: cmath.asin(1 / x),
    "sgn": _real(lambda x: math.copysign(1, x) if x else 0), "gamma": lambda x: _factorial(x - 1),
    "floor": _real(math.floor), "ceil": _real(math.ceil),
}  # fmt: skip

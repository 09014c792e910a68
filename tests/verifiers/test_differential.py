"""Two independent verifiers on pairs whose truth is known by construction: both must say it."""

import logging
import random
from fractions import Fraction

import pytest

from verifiers import math

ORACLE = pytest.importorskip("math_verify")
ROUNDS = range(40)


def expression(chance: random.Random, depth: int) -> tuple[str, Fraction]:
    """A formula in LaTeX and its value."""
    if depth == 0:
        value = chance.randint(0, 30)
        return str(value), Fraction(value)
    (left, a), (right, b) = expression(chance, depth - 1), expression(chance, depth - 1)
    sign = chance.choice("+-*/^")
    if sign == "+":
        return f"{left}+{right}", a + b
    if sign == "-":
        return f"{left}-({right})", a - b
    if sign == "*":
        return rf"({left}) \cdot ({right})", a * b
    if sign == "/" and b:
        return rf"\frac{{{left}}}{{{right}}}", a / b
    power = chance.randint(2, 3)
    return f"({left})^{{{power}}}", a**power


def written(value: Fraction, chance: random.Random) -> str:
    """A number as an answer has it."""
    if value.denominator == 1:
        return str(value)
    minus = "-" if value < 0 else ""
    fraction = rf"{minus}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
    return chance.choice((fraction, fraction.replace(r"\frac", r"\dfrac"), str(value)))


def oracle(answer: str, reference: str) -> bool:
    parsed = [ORACLE.parse(f"${text}$", parsing_timeout=None) for text in (reference, answer)]
    return bool(ORACLE.verify(*parsed, timeout_seconds=None))


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.WARNING)  # it warns of every call without a time-out
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ROUNDS)
def test_rational_arithmetic(seed):
    chance = random.Random(seed)
    formula, value = expression(chance, chance.choice((1, 2, 3)))
    right = written(value, chance)
    wrong = written(value + Fraction(chance.choice((-1, 1)), chance.choice((1, 7))), chance)
    # Theirs reads a decimal approximation into a tolerance, so only exact forms are asked of both.
    assert math.equivalent(formula, right).correct
    assert math.equivalent(right, formula).correct
    assert not math.equivalent(formula, wrong).correct
    assert oracle(formula, right)
    assert not oracle(formula, wrong)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ROUNDS)
def test_polynomials(seed):
    chance = random.Random(seed)
    a, b, c = (chance.randint(1, 12) for _ in range(3))
    # (a x + b)(x - c) = a x² + (b - a c) x - b c
    product = f"({a}x+{b})(x-{c})"
    right = f"{a}x^2+({b - a * c})x-{b * c}"
    wrong = f"{a}x^2+({b - a * c})x-{b * c + 1}"
    assert math.equivalent(product, right).correct
    assert oracle(product, right)
    assert not math.equivalent(product, wrong).correct
    assert not oracle(product, wrong)

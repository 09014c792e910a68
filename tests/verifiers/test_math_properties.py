"""What holds for all math answers: a changed value is never accepted, and no text takes long to read."""

import random
from fractions import Fraction
from itertools import product
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verifiers import math

# Formulas as trees of our own, whose values are worked out here, so that a change of the value is known to be one.

NUMBERS = st.integers(1, 12)
LEAVES = st.one_of(NUMBERS, st.sampled_from("xyn"))
OPERATORS = ("+", "-", "*", "/", "^")
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from(OPERATORS), inner, st.one_of(inner, NUMBERS)),
    max_leaves=6,
)
POINTS = [
    {"x": Fraction(7, 3), "y": Fraction(-5, 4), "n": Fraction(2)},
    {"x": Fraction(-1, 2), "y": Fraction(9, 7), "n": Fraction(3)},
    {"x": Fraction(11, 5), "y": Fraction(13, 6), "n": Fraction(5)},
]


def value(tree, point):
    """The value at `point`; None if it has no value there, or one that is no fraction of a moderate size."""
    if isinstance(tree, int):
        return Fraction(tree)
    if isinstance(tree, str):
        return point[tree]
    sign, *parts = tree
    left, right = (value(part, point) for part in parts)
    if left is None or right is None:
        return None
    if sign == "^":
        return left**right if right.denominator == 1 and 0 < right <= 4 and left else None
    if sign == "/":
        return left / right if right else None
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def written(tree, latex):
    if not isinstance(tree, tuple):
        return str(tree)
    sign, left, right = tree[0], written(tree[1], latex), written(tree[2], latex)
    if latex and sign == "/":
        return rf"\frac{{{left}}}{{{right}}}"
    return rf"({left})^{{{right}}}" if latex and sign == "^" else f"({left}){sign}({right})"


def changed(tree, source):
    """`tree` with one leaf or operator replaced."""
    if not isinstance(tree, tuple):
        return source.choice([leaf for leaf in (*range(1, 13), "x", "y", "n") if leaf != tree])
    sign, left, right = tree
    place = source.randrange(3)
    if place == 0:
        return (source.choice([other for other in OPERATORS if other != sign]), left, right)
    return (sign, changed(left, source), right) if place == 1 else (sign, left, changed(right, source))


@given(TREES, st.integers(0, 2**32), st.booleans())
def test_a_formula_with_one_part_changed_is_not_accepted(tree, seed, latex):
    other = changed(tree, random.Random(seed))
    values = [(value(tree, point), value(other, point)) for point in POINTS]
    assume(all(None not in pair for pair in values) and any(left != right for left, right in values))
    assert not math.equivalent(written(other, latex), written(tree, latex)).correct
    assert math.equivalent(written(tree, not latex), written(tree, latex)).correct


EXPONENTS = st.tuples(*[st.integers(0, 3)] * 4)


@given(
    EXPONENTS, EXPONENTS, st.sampled_from(["", "(m+3)", "k", "n!"]), st.sampled_from(["", "(k+3)", "m", "n!"])
)
def test_signs_that_depend_on_whole_numbers(one, other, factor, another):
    def power(parts):
        return f"(-1)^{{{parts[0]}m+{parts[1]}n+{parts[2]}mn+{parts[3]}}}"

    def sign(parts, m, n):
        return (-1) ** (parts[0] * m + parts[1] * n + parts[2] * m * n + parts[3])

    same = factor == another and all(
        sign(one, m, n) == sign(other, m, n) for m, n in product((0, 1), repeat=2)
    )
    assert math.equivalent(power(one) + factor, power(other) + another).correct is same


BOUNDS = st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-3, 3))


def holds(bound, place):
    sign, end = bound
    return {"<": place < end, "<=": place <= end, ">": place > end, ">=": place >= end}[sign]


@given(st.tuples(*[BOUNDS] * 3), st.tuples(*[BOUNDS] * 3), st.booleans())
def test_inequalities_joined_by_and_and_or_are_where_they_hold(one, other, brackets):
    def statement(bounds):
        first, second, third = (f"x {sign} {end}" for sign, end in bounds)
        return f"{first} or ({second} and {third})" if brackets else f"{first} or {second} and {third}"

    def where(bounds):
        first, second, third = bounds
        places = [Fraction(half, 2) for half in range(-9, 10)]
        return tuple(holds(first, at) or (holds(second, at) and holds(third, at)) for at in places)

    assert math.equivalent(statement(one), statement(other)).correct is (where(one) == where(other))


@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=3),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.integers(1, 3),
)
def test_polynomial_inequalities_are_solved(roots, sign, scale):
    factors = "".join(f"(x-({root}))" for root in roots)
    wanted = []
    ends = sorted(set(roots))
    for low, high in zip(["-oo", *ends], [*ends, "oo"], strict=True):
        middle = Fraction(-99 if low == "-oo" else (99 if high == "oo" else Fraction(low + high, 2)))
        size = Fraction(1)
        for root in roots:
            size *= middle - root
        if (size < 0) == (sign[0] == "<"):
            wanted.append(f"({low},{high})")
    points = rf" \cup \{{{','.join(map(str, ends))}\}}" if "=" in sign else ""
    assume(wanted)
    region = r" \cup ".join(wanted) + points
    assume(len(wanted) <= len(ends))
    assert math.equivalent(f"{scale}{factors} {sign} 0", region).correct
    assert not math.equivalent(f"{scale}{factors} {sign} 0", rf"({ends[-1]},{ends[-1] + 1})").correct


@given(
    st.integers(2, 99),
    st.integers(10, 30),
    st.sampled_from([r"\sqrt{%s}", r"\ln %s", r"\sin(%s)", "e^{%s/50}"]),
)
def test_a_tiny_difference_is_none_too_small(number, places, function):
    tiny = f"10^{{-{places}}}"
    exact = function % number
    assert not math.equivalent(f"{exact}+{tiny}", exact).correct
    assert not math.equivalent(f"(1+{tiny}){exact}", exact).correct
    assert not math.equivalent(f"x {exact}+{tiny}", f"x {exact}").correct


# Time

PIECES = (
    "0", "0.", "1,", "1 000 ", "x ", "a,b", ", ", "; ", "(", ")", "[", "]", "{", "}", r"\{", r"\}", r"\text{",
    r"\text{ or }", " and ", "^{", "_{2}", r"\mathrm{", r"\mathrm{m}\,", "kg ", "s^{-1} ", "/", r"\cdot ", r"\,",
    "|", "=", r"\le ", r"x\in R", "for all ", r"\forall ", "where ", "constant ", "integer ", "f(x)=", "g(1)",
    "9th", "^{th", r"\sqrt", r"\frac{", r"\mu ", r"5\Omega", "choose ", "nC", "log2", "sinx", "pi", "(b) ",
    "only ", "both ", "...", r"\overline{3}", "0.(", "base ", "- ", r"\pm ", "!", "'", "°", "½", "²", "百分之",
    r"\\", "&", r"\begin{cases}", r"\begin{array}{l}", "$", "~", "]0,", "is ",
)  # fmt: skip


def seconds(text):
    started = process_time()
    math.equivalent(text, "7", symbolic=False)
    return process_time() - started


@pytest.mark.parametrize("seed", range(40))
def test_time_grows_with_the_length_of_a_text_and_not_with_its_square(seed):
    source = random.Random(seed)
    for _ in range(10):
        start, piece, end = ("".join(source.choices(PIECES, k=source.randint(1, 3))) for _ in range(3))
        short, long = (start + piece * (size // len(piece)) + end for size in (700, 2_800))
        assert min(seconds(long) for _ in range(2)) < 0.05 + 16 * min(seconds(short) for _ in range(2)), (
            start,
            piece,
            end,
        )

"""The figures beside avg@k: their values, and intervals that keep their coverage near 0 and 1."""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from evals_support import make_samples
from hypothesis import given
from hypothesis import strategies as st

from evals.measures import macro_average, ratio
from evals.metrics import mean_interval
from evals.types import Figure, Message, Problem, Sample


def test_a_macro_average_weighs_tags_alike_and_its_interval_holds_the_truth():
    samples = [
        *make_samples([[1], [1], [0], [0], [0], [0]], subject="law"),
        *[_renamed(sample) for sample in make_samples([[1], [1]], subject="logic")],
    ]
    value = macro_average("subject")([], samples)
    assert value.value == pytest.approx((2 / 6 + 1) / 2)
    assert value.low < value.value < value.high

    rng, hits = random.Random(5), 0
    for _ in range(400):
        tables = {name: [[rng.random() < p] for _ in range(60)] for name, p in (("law", 0.3), ("logic", 0.6))}
        drawn = make_samples(tables["law"], subject="law")
        drawn += [_renamed(sample) for sample in make_samples(tables["logic"], subject="logic")]
        interval = macro_average("subject")([], drawn)
        hits += interval.low <= 0.45 <= interval.high
    assert 0.92 <= hits / 400 <= 0.98


def _macro(*groups: list[list[int]]) -> Figure:
    """The macro average of a table for each group."""
    samples = [
        replace(sample, problem_id=f"{number}/{sample.problem_id}")
        for number, group in enumerate(groups)
        for sample in make_samples(group, subject=str(number))
    ]
    return macro_average("subject")([], samples)


def test_a_macro_average_of_wrong_answers_alone_is_not_certain():
    """As for a share of 16 problems, by Wilson's interval."""
    none, all_ = (_macro(*[[[right], [right]] for _ in range(8)]) for right in (0, 1))
    plain = mean_interval([0.0] * 16)
    assert (none.value, none.low, none.high) == pytest.approx((0, 0, plain.high))
    assert (all_.value, all_.low, all_.high) == pytest.approx((1, 1 - plain.high, 1))
    # Weights that differ say less than as many problems of one weight.
    assert _macro([[0]] * 15, [[0]]).high > plain.high


@given(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=2, max_size=12))
def test_the_macro_average_of_one_group_is_the_average(table: list[list[int]]):
    figure, plain = _macro(table), mean_interval([sum(row) / 3 for row in table])
    assert (figure.value, figure.low, figure.high) == pytest.approx((plain.value, plain.low, plain.high))


@pytest.mark.parametrize("p", [0.02, 0.1, 0.5, 0.95])
@pytest.mark.parametrize(("groups", "size"), [(2, 12), (3, 6), (2, 20)])
def test_a_macro_average_covers_the_truth_near_the_ends_too(groups: int, size: int, p: float):
    """By enumeration of all outcomes."""
    covered = 0.0
    for right in itertools.combinations_with_replacement(range(size + 1), groups):
        chance = math.prod(math.comb(size, n) * p**n * (1 - p) ** (size - n) for n in right)
        orders = math.factorial(groups) / math.prod(math.factorial(right.count(n)) for n in set(right))
        figure = _macro(*([[1]] * n + [[0]] * (size - n) for n in right))
        covered += orders * chance * (figure.low <= p <= figure.high)
    assert 0.91 <= covered <= 0.999  # the normal approximation: 0.38 to 0.6 at 0.02


def test_away_from_the_ends_the_macro_average_is_about_normal():
    rng = random.Random(3)
    tables = [[[int(rng.random() < share)] for _ in range(80)] for share in (0.3, 0.5, 0.8)]
    figure = _macro(*tables)
    shares = [sum(row[0] for row in table) / 80 for table in tables]
    error = math.sqrt(sum(share * (1 - share) / 79 for share in shares)) / 3
    assert figure.low == pytest.approx(figure.value - 1.96 * error, abs=0.003)
    assert figure.high == pytest.approx(figure.value + 1.96 * error, abs=0.003)


def _ratio(right: Sequence[int], sizes: Sequence[int]) -> Figure:
    """The share of parts, of which `right` are in each problem of `sizes`."""
    problems = [Problem(f"p{n}", (Message("user", "q"),), size, "text") for n, size in enumerate(sizes)]
    measure = ratio(lambda p, s: right[int(p.id[1:])], lambda p: p.reference)
    return measure(problems, make_samples([[1]] * len(sizes)))


@given(st.lists(st.sampled_from([0, 1, 3]), min_size=1, max_size=12))
def test_a_ratio_of_problems_with_as_many_parts_is_their_average(right: list[int]):
    figure, plain = _ratio(right, [3] * len(right)), mean_interval([one / 3 for one in right])
    assert (figure.value, figure.low, figure.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_a_ratio_of_wrong_parts_alone_is_not_certain():
    assert _ratio([0] * 16, [2] * 16).high == pytest.approx(mean_interval([0.0] * 16).high)
    assert _ratio([0] * 16, [1, 3] * 8).high > mean_interval([0.0] * 16).high
    assert _ratio([2, 2], [2, 2]).low < 0.5


@pytest.mark.parametrize("p", [0.03, 0.97])
def test_a_ratio_covers_the_truth_near_the_ends_too(p: float):
    rng, hits = random.Random(11), 0
    for _ in range(500):
        sizes = [rng.choice([1, 2, 3]) for _ in range(60)]
        figure = _ratio([size if rng.random() < p else 0 for size in sizes], sizes)
        hits += figure.low <= p <= figure.high
    assert 0.92 <= hits / 500 <= 0.99  # the normal approximation: about 0.8


def test_a_ratio_is_over_all_parts_and_its_interval_is_of_problems():
    rng, hits = random.Random(7), 0
    for _ in range(400):
        sizes = [rng.choice([1, 2, 5]) for _ in range(80)]
        kept = [size if rng.random() < 0.5 else 0 for size in sizes]  # all parts of a problem, or none
        problems = [Problem(f"p{n}", (Message("user", "q"),), size, "text") for n, size in enumerate(sizes)]
        samples = make_samples([[1]] * 80)
        measure = ratio(lambda p, s, kept=kept: kept[int(p.id[1:])], lambda p: p.reference)
        interval = measure(problems, samples)
        assert interval.value == pytest.approx(sum(kept) / sum(sizes))
        hits += interval.low <= 0.5 <= interval.high
    assert 0.91 <= hits / 400 <= 0.985  # as if parts were independent: about 0.75


def _renamed(sample: Sample) -> Sample:
    return replace(sample, problem_id=f"other-{sample.problem_id}")

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evals import metrics
from evals.metrics import Vote
from evals.types import Interval

unit = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
means = st.lists(unit, min_size=1, max_size=12)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_is_the_share_of_subsets_with_a_correct_response(case: tuple[int, int, int]) -> None:
    n, correct, k = case
    subsets = list(itertools.combinations([1] * correct + [0] * (n - correct), k))
    expected = sum(any(subset) for subset in subsets) / len(subsets)
    assert metrics.pass_at_k_of_problem(n, correct, k) == pytest.approx(expected, abs=1e-15)


def test_pass_at_k_is_exact_where_floats_would_overflow() -> None:
    assert metrics.pass_at_k_of_problem(10_000, 1, 5_000) == 0.5
    assert metrics.pass_at_k_of_problem(10_000, 5_001, 5_000) == 1.0
    assert metrics.pass_at_k_of_problem(2_000, 0, 1_000) == 0.0


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=9), min_size=1, max_size=6))
def test_pass_at_1_is_avg_at_k_to_the_last_bit(table: list[list[float]]) -> None:
    assert metrics.pass_at_k(table, 1) == metrics.avg_at_k(table)


def test_pass_at_1_does_not_change_with_n() -> None:
    table = [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]]
    assert {metrics.pass_at_k([row * n for row in table], 1) for n in range(1, 40)} == {0.5}


def test_partial_credit_counts_in_the_average_but_does_not_pass() -> None:
    assert metrics.avg_at_k([[0.5, 0.5]]) == 0.5
    assert metrics.pass_at_k([[0.5, 0.5]], 2) == 0.0


@pytest.mark.parametrize(("n", "c", "k"), [(3, 1, 0), (3, 1, 4), (3, 4, 1), (3, -1, 1)])
def test_pass_at_k_refuses_the_impossible(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match="pass@"):
        metrics.pass_at_k_of_problem(n, c, k)


def test_majority_vote() -> None:
    right: Vote = ("7", True)
    wrong: Vote = ("8", False)
    nothing: Vote = (None, False)
    assert metrics.maj_at_k([[right, wrong, right]], 3) == 1.0
    assert metrics.maj_at_k([[right, wrong, wrong]], 3) == 0.0
    assert metrics.maj_at_k([[right, wrong, nothing, nothing]], 4) == 0.5
    assert metrics.maj_at_k([[nothing, nothing]], 2) == 0.0
    assert metrics.maj_at_k([[right, wrong], [right, right]], 1) == 0.75
    assert metrics.maj_at_k([[right, right, *[wrong] * 5]], 2) == 1 / 3  # three blocks, one sample left over
    with pytest.raises(ValueError, match="maj@3"):
        metrics.maj_at_k([[right, wrong]], 3)


@given(means)
def test_intervals_hold_their_value_and_stay_in_the_unit_interval(values: list[float]) -> None:
    for interval in (
        metrics.mean_interval(values),
        metrics.bootstrap_interval(values, seed=1, resamples=50),
    ):
        assert interval.value == math.fsum(values) / len(values)
        assert 0 <= interval.low <= interval.value <= interval.high <= 1
        assert interval.high - interval.low > 0


@given(means, st.randoms())
def test_the_interval_does_not_depend_on_the_order(values: list[float], random: object) -> None:
    shuffled = values.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert metrics.mean_interval(shuffled) == metrics.mean_interval(values)


def test_analytic_and_bootstrap_intervals_agree() -> None:
    generator = np.random.default_rng(0)
    values = [float(v) for v in generator.binomial(4, generator.beta(2, 2, 300)) / 4]
    analytic, bootstrap = metrics.mean_interval(values), metrics.bootstrap_interval(values, seed=3)
    assert bootstrap.low == pytest.approx(analytic.low, abs=0.004)
    assert bootstrap.high == pytest.approx(analytic.high, abs=0.004)
    half = stats.t.ppf(0.975, 299) * stats.sem(values)
    assert analytic.high - analytic.low == pytest.approx(2 * half, rel=0.02)


def test_bootstrap_is_seeded() -> None:
    values = [0.0, 0.25, 1.0, 0.5]
    assert metrics.bootstrap_interval(values, seed=5) == metrics.bootstrap_interval(values, seed=5)
    assert metrics.bootstrap_interval(values, seed=5) != metrics.bootstrap_interval([*values, 0.1], seed=5)


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5])
def test_equal_means_fall_back_on_wilson(value: float) -> None:
    expected = stats.binomtest(int(20 * value), 20).proportion_ci(0.95, "wilson")
    interval = metrics.mean_interval([value] * 20)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_one_problem_says_little() -> None:
    interval = metrics.mean_interval([1.0])
    assert interval.low < 0.25
    assert interval.high == 1.0


def test_interval_is_clustered_by_problem() -> None:
    """Eight samples of a problem that all agree carry no more than one does."""
    once = metrics.mean_interval(metrics.problem_means([[1.0], [0.0], [1.0], [0.0], [1.0]]))
    many = metrics.mean_interval(metrics.problem_means([[v] * 8 for v in (1.0, 0.0, 1.0, 0.0, 1.0)]))
    assert once == many


@pytest.mark.parametrize("accuracy", [0.03, 0.5, 0.95])
def test_interval_covers_the_truth_about_95_times_in_100(accuracy: float) -> None:
    generator = np.random.default_rng(7)
    draws = generator.random((600, 100)) < accuracy
    intervals = [metrics.mean_interval([float(v) for v in row]) for row in draws]
    covered = statistics.mean(i.low <= accuracy <= i.high for i in intervals)
    assert 0.92 <= covered <= 0.99


@pytest.mark.parametrize("values", [[], [1.1], [-0.1], [math.nan]])
def test_intervals_refuse_what_is_no_accuracy(values: list[float]) -> None:
    with pytest.raises(ValueError, match="Problem means"):
        metrics.mean_interval(values)


@settings(max_examples=40)
@given(st.lists(st.tuples(unit, unit), min_size=1, max_size=8))
def test_sign_flip_test_equals_enumeration(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    differences = [b - a for a, b in pairs]
    flips = list(itertools.product([1, -1], repeat=len(pairs)))
    sums = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in flips]
    expected = sum(total >= abs(sum(differences)) for total in sums) / len(flips)
    test = metrics.paired_test(first, second)
    assert test.exact
    assert test.p_value == expected
    assert test.problems == len(pairs)


def test_sign_flip_test_agrees_with_scipy_where_it_is_sampled() -> None:
    generator = np.random.default_rng(2)
    first = generator.integers(0, 5, 60) / 4
    second = np.clip(first + generator.integers(-1, 3, 60) / 8, 0, 1)
    test = metrics.paired_test(first.tolist(), second.tolist(), seed=4)
    expected = stats.wilcoxon(second - first).pvalue
    reference = stats.permutation_test(
        (second, first), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=4000, rng=1
    )
    assert not test.exact
    assert test.p_value == pytest.approx(reference.pvalue, abs=0.01)
    assert (test.p_value < 0.05) == (expected < 0.05)
    assert test == metrics.paired_test(first.tolist(), second.tolist(), seed=4)


def test_sampled_and_exact_p_values_meet() -> None:
    moved = [0.25, 0.5, -0.25, 0.75, 0.25, -0.5, 0.25, 0.5, 0.25, -0.25]
    exact, sampled = metrics._sign_flip_exact(moved), metrics._sign_flip_sampled(moved, 0, 20_000)
    assert sampled == pytest.approx(exact, abs=0.01)


def test_paired_difference_and_its_interval() -> None:
    first, second = [0.0, 0.5, 0.5, 1.0, 0.25], [0.5, 0.5, 1.0, 0.75, 0.75]
    test = metrics.paired_test(first, second)
    expected = stats.ttest_rel(second, first).confidence_interval(0.95)
    assert test.difference.value == pytest.approx(0.25)
    assert (test.difference.low, test.difference.high) == pytest.approx((expected.low, expected.high))
    assert (test.wins, test.losses, test.ties) == (3, 1, 1)
    assert test.deviation == pytest.approx(statistics.stdev([0.5, 0.0, 0.5, -0.25, 0.5]))
    assert test.effect_size == pytest.approx(2 * math.asin(0.7**0.5) - 2 * math.asin(0.45**0.5))


def test_no_difference_at_all_is_not_certainty() -> None:
    test = metrics.paired_test([1.0] * 10, [1.0] * 10)
    assert test.p_value == 1.0
    assert test.difference == Interval(0.0, -test.difference.high, test.difference.high)
    assert 0.2 < test.difference.high < 0.3


def test_paired_test_refuses_different_lengths() -> None:
    with pytest.raises(ValueError, match="shorter"):
        metrics.paired_test([0.5, 1.0], [0.5])


def test_unpaired_difference() -> None:
    first, second = Interval(0.5, 0.4, 0.63), Interval(0.8, 0.7, 0.88)
    difference = metrics.unpaired_difference(first, second)
    assert difference.value == pytest.approx(0.3)
    assert difference.low == pytest.approx(0.3 - math.hypot(0.1, 0.13))
    assert difference.high == pytest.approx(0.3 + math.hypot(0.08, 0.1))


def test_problems_needed() -> None:
    assert metrics.problems_needed(0.1, accuracy=0.5) == 385  # 7.849 · 0.49 / 0.01
    assert metrics.problems_needed(-0.1, accuracy=0.5) == 385
    assert metrics.problems_needed(0.02, deviation=0.3) == 1766
    assert metrics.problems_needed(0.9, accuracy=0.05) >= 2
    assert metrics.problems_needed(0.1, power=0.9) > metrics.problems_needed(0.1)
    for bad in ({"difference": 0.0}, {"difference": 0.6}, {"difference": 0.1, "power": 1.0}):
        with pytest.raises(ValueError, match=r"problems_needed|Accuracies"):
            metrics.problems_needed(**bad)


def test_problems_needed_gives_the_power_it_promises() -> None:
    count = metrics.problems_needed(0.2, accuracy=0.4)
    generator = np.random.default_rng(0)
    tests = [
        metrics.paired_test(
            (generator.random(count) < 0.4).astype(float).tolist(),
            (generator.random(count) < 0.6).astype(float).tolist(),
            resamples=400,
        )
        for _ in range(150)
    ]
    assert 0.7 < statistics.mean(test.p_value < 0.05 for test in tests) < 0.9


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 20_000), unit), min_size=3, max_size=30, unique_by=lambda p: p[0]))
def test_line_equals_scipy(points: list[tuple[int, float]]) -> None:
    x, y = [float(a) for a, _ in points], [b for _, b in points]
    line, expected = metrics.fit_line(x, y), stats.linregress(x, y)
    half = stats.t.ppf(0.975, len(x) - 2) * expected.stderr
    assert line.slope.value == pytest.approx(expected.slope, rel=1e-6, abs=1e-15)
    assert line.intercept == pytest.approx(expected.intercept, rel=1e-6, abs=1e-9)
    if len(set(y)) == 1:
        assert (line.slope, line.correlation) == (Interval(0.0, 0.0, 0.0), 0.0)  # scipy says nan
    else:
        assert line.slope.high - line.slope.low == pytest.approx(2 * half, rel=1e-4, abs=1e-9)
        assert line.correlation == pytest.approx(expected.rvalue, abs=1e-6)


@pytest.mark.parametrize(("x", "y"), [([1, 2], [1, 2]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [1, 2])])
def test_line_refuses_too_little(x: list[float], y: list[float]) -> None:
    with pytest.raises(ValueError, match="A line needs"):
        metrics.fit_line(x, y)


def test_percentiles() -> None:
    assert metrics.percentiles(list(range(101))) == {"p50": 50.0, "p90": 90.0, "p99": 99.0}
    assert metrics.percentiles([5.0], (10,)) == {"p10": 5.0}
    with pytest.raises(ValueError, match="no values"):
        metrics.percentiles([])

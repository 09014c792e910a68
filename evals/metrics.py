"""Accuracy metrics, and the statistics by which they are compared.

A *table* has one row per problem, and a row the outcome in [0, 1] of each of that problem's samples.
Samples of one problem are not independent, so the problem is the unit of every interval and test here.
Sums are exactly rounded (`math.fsum`) and random draws are seeded: the same input gives the same bits.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from evals.types import Interval
from verifiers.intervals import Z95, wilson_interval

Table = Sequence[Sequence[float]]
Vote = tuple[str | None, bool]
"""An answer (`None` abstains) and whether it was judged correct."""

EXACT_LIMIT = 16
"""A sign-flip test with at most this many non-zero differences enumerates all 2**n sign patterns."""

_CHUNK = 1_000


# --- Accuracy -------------------------------------------------------------------------------------------


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean, exactly rounded. Raises `ValueError` for no values."""
    if not values:
        raise ValueError("The mean of no values is undefined.")
    return math.fsum(values) / len(values)


def problem_means(table: Table) -> list[float]:
    """The mean outcome of each problem."""
    return [mean(row) for row in table]


def avg_at_k(table: Table) -> float:
    """avg@k: mean over problems of the mean over samples. It estimates pass@1 whatever the k."""
    return mean(problem_means(table))


def pass_at_k_of_problem(samples: int, correct: int, k: int) -> float:
    """Chance that k of `samples` responses, drawn without replacement, include one of the `correct` ones.

    This is the unbiased estimator 1 − C(n−c, k)/C(n, k) of Chen et al. 2021 (arXiv:2107.03374), in exact
    integers and rounded once. Raises `ValueError` unless 1 ≤ k ≤ samples and 0 ≤ correct ≤ samples.
    """
    if not 1 <= k <= samples or not 0 <= correct <= samples:
        raise ValueError(f"pass@{k} needs 1 <= k <= samples and correct <= samples, not {correct}/{samples}.")
    ways = math.comb(samples, k)
    return (ways - math.comb(samples - correct, k)) / ways


def pass_at_k(table: Table, k: int) -> float:
    """Mean over problems of `pass_at_k_of_problem`; an outcome of 1 is correct, anything less is not."""
    return mean([pass_at_k_of_problem(len(row), sum(value >= 1 for value in row), k) for row in table])


def maj_at_k(votes: Sequence[Sequence[Vote]], k: int) -> float:
    """maj@k: share of problems whose most frequent answer among k samples is correct.

    A problem with more than k samples is averaged over its ⌊n/k⌋ consecutive blocks of k (unbiased). Answers
    are compared as text (`evals.candidates.votes` gives equal ones the same text); those that tie share the
    credit; a problem with no answer at all counts 0.
    Raises `ValueError` for fewer than k samples.
    """
    if k < 1 or any(len(row) < k for row in votes):
        raise ValueError(f"maj@{k} needs k >= 1 and at least k samples of every problem.")
    blocks = [[row[i : i + k] for i in range(0, len(row) - k + 1, k)] for row in votes]
    return mean([mean([_majority(block) for block in row]) for row in blocks])


def _majority(block: Sequence[Vote]) -> float:
    judged: defaultdict[str, list[float]] = defaultdict(list)
    for answer, correct in block:
        if answer is not None:
            judged[answer].append(float(correct))
    most = max((len(group) for group in judged.values()), default=0)
    winners = [mean(group) for group in judged.values() if len(group) == most]
    return mean(winners) if winners else 0.0


# --- Intervals ------------------------------------------------------------------------------------------


def mean_interval(means: Sequence[float]) -> Interval:
    """Mean of problem means in [0, 1] and its analytic 95 % interval, clustered by problem.

    Wilson's interval with Student's t and the effective sample size m(1 − m)/se², se = sd/√n. Away from the
    ends it is m ± t·se; near 0 and 1 it stays inside and keeps its coverage, which m ± t·se does not. When
    the means say nothing of their spread (one problem, or all equal) it is Wilson's for n problems.
    Raises `ValueError` for no means or means outside [0, 1].
    """
    _check_unit(means)
    value, error = mean(means), _standard_error(means)
    if error == 0:
        return _wilson(value, len(means), Z95)
    return _wilson(value, value * (1 - value) / error**2, _t95(len(means) - 1))


def bootstrap_interval(means: Sequence[float], *, seed: int, resamples: int = 10_000) -> Interval:
    """Mean of problem means in [0, 1] and its 95 % percentile bootstrap interval over problems.

    Falls back on `mean_interval` where resampling shows no spread (one problem, or all means equal).
    """
    _check_unit(means)
    if _standard_error(means) == 0:
        return mean_interval(means)
    generator, values = np.random.default_rng(seed), np.asarray(means, dtype=float)
    drawn = [
        values[generator.integers(0, len(values), (rows, len(values)))].mean(axis=1)
        for rows in _chunks(resamples)
    ]
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    value = mean(means)
    return Interval(value, min(float(low), value), max(float(high), value))


def _wilson(value: float, count: float, quantile: float) -> Interval:
    return Interval(value, *wilson_interval(value, count, quantile))


def _deviation(values: Sequence[float]) -> float:
    """Sample standard deviation; 0 for fewer than two values, and exactly 0 for equal ones."""
    if len(values) < 2 or min(values) == max(values):
        return 0.0
    centre = mean(values)
    return math.sqrt(math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1))


def _standard_error(values: Sequence[float]) -> float:
    return _deviation(values) / math.sqrt(len(values))


def _t95(degrees: int) -> float:
    return float(stdtrit(degrees, 0.975))


def _check_unit(means: Sequence[float]) -> None:
    if not means or not all(0 <= value <= 1 for value in means):
        raise ValueError("Problem means must be at least one number, all in [0, 1].")


def _chunks(total: int) -> Iterator[int]:
    """`total` in pieces of at most `_CHUNK`, to bound memory."""
    if total < 1:
        raise ValueError(f"At least one resample is needed, not {total}.")
    yield from (min(_CHUNK, total - start) for start in range(0, total, _CHUNK))


# --- Comparison of two checkpoints ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PairedTest:
    """Two checkpoints on the same problems.

    `difference` is second − first in accuracy, with its 95 % interval. `p_value` is two-sided, of the
    sign-flip test; `exact` tells enumeration from Monte Carlo. `effect_size` is Cohen's h (0.2 small,
    0.5 medium, 0.8 large). `deviation` is the standard deviation of the per-problem differences, for
    `problems_needed`. `wins`, `losses` and `ties` count problems, seen from the second.
    """

    difference: Interval
    p_value: float
    exact: bool
    effect_size: float
    deviation: float
    wins: int
    losses: int
    ties: int

    @property
    def problems(self) -> int:
        """How many problems were compared."""
        return self.wins + self.losses + self.ties


def paired_test(
    first: Sequence[float], second: Sequence[float], *, seed: int = 0, resamples: int = 10_000
) -> PairedTest:
    """Compare the problem means of two checkpoints; position i is the same problem in both.

    Null hypothesis: on each problem the sign of the difference is a coin flip. Exact up to `EXACT_LIMIT`
    non-zero differences, else `resamples` seeded draws and p = (hits + 1)/(draws + 1). Raises `ValueError`
    for different lengths, no problems, or means outside [0, 1].
    """
    _check_unit(first)
    _check_unit(second)
    differences = [b - a for a, b in zip(first, second, strict=True)]
    moved = [value for value in differences if value != 0]
    exact = len(moved) <= EXACT_LIMIT
    return PairedTest(
        difference=_difference_interval(differences),
        p_value=_sign_flip_exact(moved) if exact else _sign_flip_sampled(moved, seed, resamples),
        exact=exact,
        effect_size=cohens_h(mean(first), mean(second)),
        deviation=_deviation(differences),
        wins=sum(value > 0 for value in moved),
        losses=sum(value < 0 for value in moved),
        ties=len(differences) - len(moved),
    )


def unpaired_difference(first: Interval, second: Interval) -> Interval:
    """Second − first of two independent estimates, its 95 % interval from theirs.

    The MOVER method (Zou & Donner 2008): each side adds the half-widths that face it, in squares.
    """
    value = second.value - first.value
    low = value - math.hypot(second.value - second.low, first.high - first.value)
    high = value + math.hypot(second.high - second.value, first.value - first.low)
    return Interval(value, max(-1.0, low), min(1.0, high))


def cohens_h(first: float, second: float) -> float:
    """Effect size of a change between two proportions: 2·asin√second − 2·asin√first, in [−π, π]."""
    return 2 * (math.asin(math.sqrt(second)) - math.asin(math.sqrt(first)))


def problems_needed(
    difference: float,
    *,
    accuracy: float = 0.5,
    deviation: float | None = None,
    power: float = 0.8,
    level: float = 0.05,
) -> int:
    """How many problems it takes to see a `difference` in accuracy (0.02 is two points), at least 2.

    n = ((z₁₋level/2 + z_power)·deviation/difference)², two-sided normal approximation (Miller 2024,
    arXiv:2411.00640). `deviation` is that of per-problem differences (`PairedTest.deviation`); without it,
    of single samples drawn independently at `accuracy` and `accuracy + difference`.
    """
    if difference == 0 or not 0 < power < 1 or not 0 < level < 1:
        raise ValueError("problems_needed wants a difference other than 0, and power and level in (0, 1).")
    if deviation is None:
        other = accuracy + difference
        if not 0 <= accuracy <= 1 or not 0 <= other <= 1:
            raise ValueError(f"Accuracies {accuracy} and {other} must lie in [0, 1].")
        deviation = math.sqrt(accuracy * (1 - accuracy) + other * (1 - other))
    quantiles = NormalDist().inv_cdf(1 - level / 2) + NormalDist().inv_cdf(power)
    return max(2, math.ceil((quantiles * deviation / difference) ** 2))


def _difference_interval(differences: Sequence[float]) -> Interval:
    """Mean ± t·se inside [−1, 1].

    Without spread (one problem, or equal differences), ± the share of problems that may still behave
    otherwise: Wilson's upper bound z²/(n + z²) for 0 of n.
    """
    value, count = mean(differences), len(differences)
    error = _standard_error(differences)
    half = _t95(count - 1) * error if error else Z95**2 / (count + Z95**2)
    return Interval(value, max(-1.0, value - half), min(1.0, value + half))


def _sign_flip_exact(moved: Sequence[float]) -> float:
    sizes = np.abs(np.asarray(moved, dtype=float))
    patterns = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
    return _hits(patterns, sizes, abs(math.fsum(moved))) / len(patterns)


def _sign_flip_sampled(moved: Sequence[float], seed: int, resamples: int) -> float:
    sizes = np.abs(np.asarray(moved, dtype=float))
    generator, observed = np.random.default_rng(seed), abs(math.fsum(moved))
    hits = sum(
        _hits(generator.integers(0, 2, (rows, len(moved))), sizes, observed) for rows in _chunks(resamples)
    )
    return (hits + 1) / (resamples + 1)


def _hits(patterns: NDArray[np.int64], sizes: NDArray[np.float64], observed: float) -> int:
    """How many sign patterns give a sum at least as large as `observed`, up to rounding."""
    sums = np.abs(np.where(patterns == 1, sizes, -sizes).sum(axis=1))
    return int(np.count_nonzero(sums >= observed - 1e-9))


# --- Trends and distributions -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A least-squares line: `slope` with its 95 % interval, `intercept`, Pearson's r and the point count."""

    slope: Interval
    intercept: float
    correlation: float
    points: int


def fit_line(x: Sequence[float], y: Sequence[float]) -> Line:
    """Ordinary least squares of y on x: accuracy on response tokens (figure 6), or a trend on iterations.

    The interval is Student's, for independent errors of equal variance. Raises `ValueError` for fewer than
    three points, equal x, or different lengths.
    """
    if len(x) != len(y) or len(x) < 3:
        raise ValueError(f"A line needs at least three points with x and y, not {len(x)} and {len(y)}.")
    if min(x) == max(x):
        raise ValueError("A line needs points that differ in x.")
    centre_x, centre_y = mean(x), mean(y)
    spread_x = math.fsum((a - centre_x) ** 2 for a in x)
    spread_y = math.fsum((b - centre_y) ** 2 for b in y)
    shared = math.fsum((a - centre_x) * (b - centre_y) for a, b in zip(x, y, strict=True))
    slope = shared / spread_x
    intercept = centre_y - slope * centre_x
    residual = math.fsum((b - intercept - slope * a) ** 2 for a, b in zip(x, y, strict=True))
    half = _t95(len(x) - 2) * math.sqrt(residual / (len(x) - 2) / spread_x)
    correlation = shared / math.sqrt(spread_x * spread_y) if spread_y else 0.0
    return Line(Interval(slope, slope - half, slope + half), intercept, correlation, len(x))


def percentiles(values: Sequence[float], points: Sequence[int] = (50, 90, 99)) -> dict[str, float]:
    """`{"p50": ..., "p90": ..., "p99": ...}` with linear interpolation. Raises `ValueError` for no values."""
    if not values:
        raise ValueError("Percentiles of no values are undefined.")
    return {f"p{point}": float(np.percentile(values, point)) for point in points}

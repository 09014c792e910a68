"""A model's Elo rating from the problems that it solves.

A model of rating r solves a problem of rating d with probability 1 / (1 + 10^((d − r)/400)), which is how Codeforces
rates problems. Estimated is the most likely r: the one at which as many problems are expected to be solved as are.
The problem is the unit: its outcome is the share of its samples that solve it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from evals.metrics import mean
from evals.score import outcomes_by_problem
from evals.types import Figure, Measure, Problem, Sample
from verifiers.intervals import Z95

LOWEST, HIGHEST = -2000, 6000
"""Ends of the scale, far beyond any human's. An interval that reaches one is open there."""

_GRID = np.arange(LOWEST, HIGHEST + 1, dtype=float)
_PER_POINT = math.log(10) / 400
_ROWS = 200  # of a bootstrap at a time, to bound memory

Floats = NDArray[np.float64]


def problem_rating(tag: str = "rating") -> Measure:
    """The `elo_rating` of a model by its samples; a problem's rating is its tag."""

    def measure(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
        ratings = {problem.id: float(problem.tags[tag]) for problem in problems}
        table = outcomes_by_problem(samples)
        return elo_rating([mean(row) for row in table.values()], [ratings[name] for name in table])

    return measure


def solving_probability(rating: float, problem: float) -> float:
    """The chance that a model of this rating solves a problem of that one."""
    return float(_chances(np.array(rating), np.array(problem)))


def elo_rating(outcomes: Sequence[float], problems: Sequence[float]) -> Figure:
    """The most likely rating and its 95 % interval, clustered by problem; to the whole point for the ends.

    `outcomes` are in [0, 1], one for each of the ratings `problems`. The interval has the ratings r with
    |Σ(s − p(r))| ≤ t·√(φ·Σp(r)q(r)): Wilson's, with φ = n/(n − 1)·Σ(s − p)²/Σpq at the estimate, which is below 1
    where several samples of a problem steady its outcome. Student's t is that of (Σpq)²/Σ(pq)² problems, as those far
    too easy or too hard say little. With one problem φ is 1.

    Where all problems are solved no rating is the most likely: given is the one at which solving all is as likely
    as not, and an interval from where it has a chance of 2.5 %, open above; and the reverse where none is.
    Raises `ValueError` for no problems, different lengths, or outcomes outside [0, 1].
    """
    solved, rated = _checked(outcomes, problems)
    ratings, counts = np.unique(rated, return_counts=True)
    total, count = math.fsum(solved), len(solved)
    if total == 0 or total == count:
        return _open(ratings, counts, all_solved=total > 0)
    value = float(_most_likely(rated[None, :], np.array([total]))[0])
    chances = _chances(np.array(value), rated)
    quantile, dispersion = Z95, 1.0
    spread = float(((solved - chances) ** 2).sum())
    weights = chances * (1 - chances)
    if count > 1 and spread > 0:
        dispersion = count / (count - 1) * spread / float(weights.sum())
        telling = float(weights.sum()) ** 2 / float((weights**2).sum())
        quantile = float(stdtrit(max(1.0, telling - 1), 0.975))
    grid = _chances(_GRID[:, None], ratings)
    error = np.sqrt(dispersion * (grid * (1 - grid)) @ counts)
    inside = _GRID[np.abs(grid @ counts - total) <= quantile * error]
    return Figure(value, min(value, _first(inside, value)), max(value, _first(inside[::-1], value)), "rating")


def bootstrap_rating(
    outcomes: Sequence[float], problems: Sequence[float], *, seed: int, resamples: int = 2_000
) -> Figure:
    """As `elo_rating`, with the 95 % percentile bootstrap interval over problems.

    A resample in which all or no problems are solved counts as the scale's end.
    """
    solved, rated = _checked(outcomes, problems)
    generator = np.random.default_rng(seed)
    drawn = []
    for start in range(0, resamples, _ROWS):
        places = generator.integers(0, len(solved), (min(_ROWS, resamples - start), len(solved)))
        drawn.append(_most_likely(rated[places], solved[places].sum(axis=1)))
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    value = elo_rating(outcomes, problems).value
    return Figure(value, min(float(low), value), max(float(high), value), "rating")


def _checked(outcomes: Sequence[float], problems: Sequence[float]) -> tuple[Floats, Floats]:
    if not outcomes or len(outcomes) != len(problems) or not all(0 <= one <= 1 for one in outcomes):
        raise ValueError("A rating needs at least one problem, and for each an outcome in [0, 1].")
    return np.asarray(outcomes, dtype=float), np.asarray(problems, dtype=float)


def _chances(rating: Floats, problems: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * _PER_POINT * (rating - problems))))


def _most_likely(problems: Floats, totals: Floats) -> Floats:
    """For each row of problems, the rating at which the expected number solved is the total, by bisection."""
    low, high = np.full(len(totals), float(LOWEST)), np.full(len(totals), float(HIGHEST))
    for _ in range(32):  # to 2e-6 of a point
        middle = (low + high) / 2
        below = _chances(middle[:, None], problems).sum(axis=1) < totals
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def _open(ratings: Floats, counts: NDArray[np.int64], *, all_solved: bool) -> Figure:
    """The figure where all problems are solved, or none is."""
    sign = 1 if all_solved else -1
    chance: Floats = -np.logaddexp(0, -sign * _PER_POINT * (_GRID[:, None] - ratings)) @ counts
    even, rare = _GRID[chance >= math.log(0.5)], _GRID[chance >= math.log(0.025)]
    if all_solved:
        return Figure(_first(even, HIGHEST), _first(rare, HIGHEST), HIGHEST, "rating")
    return Figure(_first(even[::-1], LOWEST), LOWEST, _first(rare[::-1], LOWEST), "rating")


def _first(values: Floats, otherwise: float) -> float:
    return float(values[0]) if len(values) else float(otherwise)

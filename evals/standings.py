"""A model's rating from past contests: as CodeElo has it (Quan et al., arXiv:2501.01257).

Its samples of a problem are handed in one after the other until one is right. The points and penalties of a contest
give the rank that the model would have had among the human contestants, and its rating there is the r whose expected
rank is that: rank = 1 + Σ 1 / (1 + 10^((r − r_i)/400)), over the contestants' ratings before the contest.
The rating is the mean over contests. No time passes between submissions, so that no points are lost by it.

CodeElo's published program counts ranks from 0 where this formula counts from 1. That makes a point or so, more among
the very first of a contest.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from evals.metrics import mean
from evals.score import by_problem
from evals.types import Figure, Measure, Problem, Sample

FAILED_POINTS = 50
"""Taken off a problem's points for each wrong submission before the right one."""
FAILED_PENALTY = 10
"""Minutes of penalty for each, where problems have no points."""
ABOVE_BEST = 100
"""A rating lies between 0 and this much above the best contestant's: whoever beats all, or none, has no other."""

Place = tuple[str, str]
"""A contest's id and the index of a problem in it."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A human's rating before the contest and result in it."""

    rating: float
    points: float
    penalty: float


@dataclass(frozen=True, slots=True)
class Contest:
    """A past contest; `problems` maps an index to its points, None where problems only count as solved."""

    id: str
    problems: Mapping[str, float | None]
    contestants: tuple[Contestant, ...]


def standings_rating(contests: Sequence[Contest], places: Callable[[str], Sequence[Place]]) -> Measure:
    """The mean rating over contests; `places` says where a problem (by id) was set. Contests of none are left out.

    The interval is clustered by contest, with Student's t; of one contest it is the whole range of ratings.
    """

    def measure(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
        attempts: dict[str, dict[str, list[bool]]] = {}
        for name, group in by_problem(samples).items():
            for contest, index in places(name):
                attempts.setdefault(contest, {})[index] = [sample.verdict.correct for sample in group]
        rated = [contest for contest in contests if contest.id in attempts]
        return _mean_over([contest_rating(attempts[contest.id], contest) for contest in rated], rated)

    return measure


def contest_rating(attempts: Mapping[str, Sequence[bool]], contest: Contest) -> float:
    """The rating in one contest; `attempts` says of each problem, by index, which submissions were right, in order."""
    return rating_at(
        rank_of(*result_of(attempts, contest), contest), [one.rating for one in contest.contestants]
    )


def result_of(attempts: Mapping[str, Sequence[bool]], contest: Contest) -> tuple[float, float]:
    """Points and penalty in the contest."""
    points = penalty = 0.0
    for index, worth in contest.problems.items():
        failed = next((place for place, right in enumerate(attempts.get(index, ())) if right), None)
        if failed is None:
            continue
        if worth is None:
            points, penalty = points + 1, penalty + FAILED_PENALTY * failed
        else:
            points += max(0.0, worth - FAILED_POINTS * failed)
    return points, penalty


def rank_of(points: float, penalty: float, contest: Contest) -> int:
    """1 + the contestants who are not behind; those with the same result count as before the model."""
    return 1 + sum((one.points, -one.penalty) >= (points, -penalty) for one in contest.contestants)


def rating_at(rank: int, ratings: Sequence[float]) -> float:
    """The rating whose expected rank among contestants of these ratings is `rank`, within the bounds."""
    low, high = 0.0, max(ratings) + ABOVE_BEST
    for _ in range(50):
        middle = (low + high) / 2
        expected = 1 + math.fsum(1 / (1 + 10 ** ((middle - rating) / 400)) for rating in ratings)
        low, high = (middle, high) if expected > rank else (low, middle)
    return (low + high) / 2


def _mean_over(ratings: Sequence[float], contests: Sequence[Contest]) -> Figure:
    if not ratings:
        raise ValueError("No problem that was asked is of a contest whose standings are known.")
    value, count = mean(ratings), len(ratings)
    best = max(one.rating for contest in contests for one in contest.contestants) + ABOVE_BEST
    if count == 1:
        return Figure(value, 0.0, best, "rating")
    deviation = math.sqrt(math.fsum((rating - value) ** 2 for rating in ratings) / (count - 1))
    half = float(stdtrit(count - 1, 0.975)) * deviation / math.sqrt(count)
    return Figure(value, max(0.0, value - half), min(best, value + half), "rating")

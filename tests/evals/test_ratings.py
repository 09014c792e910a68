"""Ratings from problems solved and from standings, and percentiles of them."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from evals_support import make_samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.percentiles import Percentiles, of_ratings, percentile, published
from evals.ratings import HIGHEST, LOWEST, bootstrap_rating, elo_rating, problem_rating, solving_probability
from evals.standings import (
    Contest,
    Contestant,
    contest_rating,
    rank_of,
    rating_at,
    result_of,
    standings_rating,
)
from evals.types import Figure, Problem

RATINGS = list(range(800, 3000, 100))
unhurried = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def log_likelihood(rating: float, outcomes, problems) -> float:
    chances = [solving_probability(rating, problem) for problem in problems]
    return sum(s * math.log(p) + (1 - s) * math.log(1 - p) for s, p in zip(outcomes, chances, strict=True))


def simulated(rating: float, count: int, samples: int, seed: int) -> tuple[list[float], list[float]]:
    """Outcomes of a model of this rating on problems drawn with it."""
    draw = np.random.default_rng(seed)
    problems = [float(one) for one in draw.choice(RATINGS, count)]
    solved = [draw.binomial(samples, solving_probability(rating, one)) / samples for one in problems]
    return solved, problems


# --- From problems ----------------------------------------------------------------------------------------


def test_a_model_as_good_as_a_problem_solves_it_half_of_the_time_and_400_points_are_ten_to_one():
    assert solving_probability(1500, 1500) == 0.5
    assert solving_probability(1900, 1500) == pytest.approx(10 / 11)
    assert solving_probability(1100, 1500) == pytest.approx(1 / 11)


@unhurried
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.sampled_from(RATINGS)), min_size=2, max_size=12
    )
)
def test_no_rating_of_a_grid_is_more_likely(rows):
    outcomes, problems = [one for one, _ in rows], [float(rating) for _, rating in rows]
    found = elo_rating(outcomes, problems)
    assert LOWEST <= found.low <= found.value <= found.high <= HIGHEST
    if 0 < sum(outcomes) < len(outcomes):
        best = max(range(-400, 4400, 5), key=lambda rating: log_likelihood(rating, outcomes, problems))
        assert found.value == pytest.approx(best, abs=5)


def test_equal_problems_give_wilsons_interval_on_the_rating_scale():
    outcomes, problems = [1.0] * 30 + [0.0] * 10, [1600.0] * 40
    found = elo_rating(outcomes, problems)
    assert found.value == pytest.approx(1600 + 400 * math.log10(3))
    t = 2.0227  # Student's, 39 degrees
    for end in (found.low, found.high):
        p = solving_probability(end, 1600)
        assert abs(0.75 - p) == pytest.approx(t * math.sqrt(40 / 39 * p * (1 - p) / 40), abs=3e-3)


@pytest.mark.parametrize(
    ("rating", "samples", "models"),
    [
        (1700, 8, 100),
        *(pytest.param(*row, 500, marks=pytest.mark.slow) for row in [(1200, 1), (1700, 1), (2600, 4)]),
    ],
)
def test_the_interval_has_a_simulated_models_rating_19_times_in_20(rating, samples, models):
    runs = [elo_rating(*simulated(rating, 60, samples, seed)) for seed in range(models)]
    covered = np.mean([run.low <= rating <= run.high for run in runs])
    assert abs(covered - 0.95) <= 3 * math.sqrt(0.95 * 0.05 / models)
    assert np.mean([run.value for run in runs]) == pytest.approx(rating, abs=15)


@pytest.mark.parametrize(("rating", "samples"), [(1300, 1), (1700, 8)])
def test_the_bootstrap_agrees_with_the_analytic_interval(rating, samples):
    data = simulated(rating, 300, samples, 7)
    analytic, bootstrap = elo_rating(*data), bootstrap_rating(*data, seed=0, resamples=1000)
    width = analytic.high - analytic.low
    assert bootstrap.value == analytic.value
    assert bootstrap.low == pytest.approx(analytic.low, abs=0.08 * width)
    assert bootstrap.high == pytest.approx(analytic.high, abs=0.08 * width)
    assert bootstrap_rating(*data, seed=1, resamples=1000) != bootstrap


def test_samples_of_one_problem_are_not_counted_as_problems():
    outcomes, problems = simulated(1700, 50, 1, 3)
    tags = [Problem(f"p{i}", (), "", "code", {"rating": f"{d:.0f}"}) for i, d in enumerate(problems)]
    once, often = [make_samples([[int(s)] * k for s in outcomes]) for k in (1, 16)]
    assert problem_rating()(tags, once) == problem_rating()(tags, often) == elo_rating(outcomes, problems)


def test_all_or_nothing_solved_gives_an_open_interval():
    problems = [1500.0, 1800.0, 2400.0]
    every, none = elo_rating([1.0] * 3, problems), elo_rating([0.0] * 3, problems)
    assert every.high == HIGHEST
    assert none.low == LOWEST

    def chance(rating, solved):
        return math.prod(
            solving_probability(rating, d) if solved else 1 - solving_probability(rating, d) for d in problems
        )

    assert chance(every.value, True) == pytest.approx(0.5, abs=0.01)
    assert chance(every.low, True) == pytest.approx(0.025, abs=0.001)
    assert chance(none.value, False) == pytest.approx(0.5, abs=0.01)
    assert chance(none.high, False) == pytest.approx(0.025, abs=0.001)


def test_one_problem_half_solved_says_little():
    found = elo_rating([0.5], [1500.0])
    assert found.value == pytest.approx(1500)
    assert found.high - found.low > 400


@pytest.mark.parametrize(
    ("outcomes", "problems"), [([], []), ([1.0], []), ([1.5], [800.0]), ([math.nan], [800.0])]
)
def test_what_is_no_outcome_is_refused(outcomes, problems):
    with pytest.raises(ValueError, match="at least one problem"):
        elo_rating(outcomes, problems)


# --- From standings ---------------------------------------------------------------------------------------

POINTS = Contest(
    "1",
    {"A": 500, "B": 1000, "C": 2000},
    tuple(
        Contestant(*row)
        for row in [(2400, 3400, 0), (1900, 1450, 0), (1500, 1450, 0), (1500, 500, 0), (900, 0, 0)]
    ),
)
SOLVED = Contest(
    "2",
    {"A": None, "B": None},
    tuple(Contestant(*row) for row in [(2000, 2, 30), (1500, 2, 90), (1200, 1, 5)]),
)


@pytest.mark.parametrize(
    ("contest", "attempts", "result", "rank"),
    [
        (POINTS, {"A": [True, False], "B": [False, True]}, (1450, 0), 4),
        (POINTS, {"A": [False] * 8, "B": [False] * 8}, (0, 0), 6),
        (POINTS, {"A": [True], "B": [True], "C": [True]}, (3500, 0), 1),
        (POINTS, {"A": [False] * 12 + [True]}, (0, 0), 6),  # no less than nothing
        (SOLVED, {"A": [True], "B": [False, False, False, True]}, (2, 30), 2),
        (SOLVED, {"A": [False, True], "Z": [True]}, (1, 10), 4),
    ],
)  # fmt: skip
def test_points_penalty_and_rank_of_the_submissions(contest, attempts, result, rank):
    assert result_of(attempts, contest) == result
    assert rank_of(*result, contest) == rank


@unhurried
@given(st.lists(st.integers(800, 3500), min_size=2, max_size=40), st.data())
def test_the_rating_at_a_rank_has_that_expected_rank(ratings, data):
    rank = data.draw(st.integers(1, len(ratings) + 1))
    found = rating_at(rank, ratings)
    assert 0 <= found <= max(ratings) + 100
    expected = 1 + sum(solving_probability(human, found) for human in ratings)  # a human beats the model
    if 1e-6 < found < max(ratings) + 100 - 1e-6:
        assert expected == pytest.approx(rank, abs=1e-6)
    else:
        assert expected > rank if found > max(ratings) else expected < rank


def test_the_rating_among_two_equal_humans_by_hand():
    # rank 2 of 3: one of the two is ahead, so that the expected rank is 2 where each wins half of the time
    assert rating_at(2, [1600, 1600]) == pytest.approx(1600)
    # ahead of one in eleven: 1 + 11 / (1 + 10^((r − 1600)/400)) = 11
    assert rating_at(11, [1600] * 11) == pytest.approx(1200)


def test_contests_are_averaged_and_are_the_unit_of_the_interval():
    rating = standings_rating(
        [POINTS, SOLVED], lambda name: [("1" if name < "p2" else "2", "AB"[int(name[1]) % 2])]
    )
    samples = make_samples([[1, 0], [0, 1], [1, 1], [0, 0]])
    one = contest_rating({"A": [True, False], "B": [False, True]}, POINTS)
    two = contest_rating({"A": [True, True], "B": [False, False]}, SOLVED)
    found = rating([], samples)
    assert (found.unit, found.value) == ("rating", pytest.approx((one + two) / 2))
    half = 12.706 * abs(one - two) / 2  # Student's t, 1 degree
    assert found.low == pytest.approx(max(0, found.value - half), abs=0.1)
    assert found.high == pytest.approx(min(2500, found.value + half), abs=0.1)
    alone = rating([], samples[:4])
    assert (alone.value, alone.low, alone.high) == (pytest.approx(one), 0, 2500)
    with pytest.raises(ValueError, match="standings"):
        standings_rating([POINTS], lambda name: [])([], samples)


# --- Percentiles ------------------------------------------------------------------------------------------


def test_the_papers_94_percent_is_1712_in_codeelos_list_and_1900_among_active_users():
    codeelo, active = published().values()
    assert codeelo.at(1712).value == pytest.approx(0.94, abs=5e-4)
    assert codeelo.at(1900).value == pytest.approx(0.968, abs=5e-4)
    assert active.at(1900).value == 0.94
    for mapping in (codeelo, active):
        assert mapping.source
        assert mapping.date
        assert list(mapping.ratings) == sorted(set(mapping.ratings))
        assert list(mapping.shares) == sorted(mapping.shares)
        assert len(mapping.ratings) == len(mapping.shares)
    assert (codeelo.shares[0], codeelo.shares[-1], codeelo.people) == (0, 1, 717_421)


def test_beyond_a_mapping_a_percentile_is_a_bound():
    few = Percentiles("few", "made up", "2024", 10, (1000.0, 2000.0), (0.5, 0.9))
    assert few.at(900) == type(few.at(900))(0.0, 0.0, 0.5)
    assert (few.at(1250).value, few.at(1250).low, few.at(1250).high) == (pytest.approx(0.6), 0.5, 0.9)
    assert (few.at(3000).value, few.at(3000).high) == (0.9, 1.0)


@unhurried
@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(-5, 35))
def test_a_list_of_ratings_is_counted(people, rating):
    found = of_ratings("own", "made up", "2024", people).at(rating)
    share = sum(one < rating for one in people) / len(people)
    assert found.low <= share <= found.high
    if rating in people or rating < min(people) or rating > max(people):
        assert found.value == pytest.approx(share)


def test_a_percentile_has_the_interval_of_its_rating_and_of_its_mapping():
    few = Percentiles("few", "made up", "2024", 10, (1000.0, 2000.0, 3000.0), (0.5, 0.9, 1.0))
    measure = percentile(lambda problems, samples: Figure(2000, 1500, 2100, "rating"), few)
    assert measure([], []) == Figure(0.9, 0.5, 1.0, "share")


def test_the_shipped_mappings_are_cited():
    rows = json.loads((Path(__file__).parents[2] / "evals/published/codeforces_percentiles.json").read_text())
    assert {row["name"] for row in rows} == set(published())
    assert all("codeforces" in row["source"].lower() for row in rows)

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.types import Message, Problem
from training.sampling import (
    CurriculumPhase,
    SamplingConfig,
    curriculum_pool,
    draw_problems,
    prioritised_weights,
    update_success_rates,
)


def problems(difficulties):
    return [
        Problem(f"p{i}", (Message("user", "?"),), "1", "text", {}, difficulty)
        for i, difficulty in enumerate(difficulties)
    ]


def test_prioritised_frequencies_follow_one_minus_success_rate():
    pool = problems([0.5] * 4)
    rates = {"p0": 0.0, "p1": 0.25, "p2": 0.75, "p3": 1.0}
    draws = 8_000
    counts = Counter(
        draw_problems(pool, 1, SamplingConfig(), rates, iteration, seed=3)[0].id for iteration in range(draws)
    )
    for name, rate in rates.items():
        expected = (1 - rate) / 2
        deviation = (expected * (1 - expected) / draws) ** 0.5
        assert abs(counts[name] / draws - expected) <= 4 * deviation


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_weights_are_a_distribution_proportional_to_one_minus_s(rates):
    pool = problems([None] * len(rates))
    weights = prioritised_weights(pool, {p.id: rate for p, rate in zip(pool, rates, strict=True)})
    assert weights.sum() == pytest.approx(1.0)
    total = sum(1 - rate for rate in rates)
    if total > 0:
        assert weights == pytest.approx([(1 - rate) / total for rate in rates])


def test_untried_problems_start_from_their_curated_pass_rate():
    weights = prioritised_weights(problems([0.9, 0.1]), {})
    assert weights == pytest.approx([0.9, 0.1])


def test_draws_are_distinct_seeded_and_never_of_solved_problems():
    pool = problems([0.5] * 10)
    rates = {"p0": 1.0}
    first = draw_problems(pool, 20, SamplingConfig(), rates, 0, seed=1)
    assert len({p.id for p in first}) == 9
    assert first == draw_problems(pool, 20, SamplingConfig(), rates, 0, seed=1)
    assert first != draw_problems(pool, 20, SamplingConfig(), rates, 1, seed=1)


def test_the_curriculum_goes_from_easy_to_hard():
    config = SamplingConfig(
        curriculum=(
            CurriculumPhase(max_difficulty=0.6),
            CurriculumPhase(from_iteration=5, min_difficulty=0.6),
        )
    )
    pool = problems([0.2, 0.6, 0.9, None])
    assert [p.id for p in curriculum_pool(pool, config, 4)] == ["p0", "p1", "p3"]
    assert [p.id for p in curriculum_pool(pool, config, 5)] == ["p1", "p2", "p3"]


def test_an_empty_curriculum_is_one_clear_sentence():
    config = SamplingConfig(curriculum=(CurriculumPhase(min_difficulty=0.9),))
    with pytest.raises(ValueError, match="iteration 0; widen"):
        draw_problems(problems([0.1]), 1, config, {}, 0, seed=0)


@pytest.mark.parametrize("starts", [(), (1,), (0, 0), (0, 5, 3)])
def test_phases_must_start_at_zero_and_ascend(starts):
    with pytest.raises(ValueError, match="must start at iteration 0"):
        SamplingConfig(curriculum=tuple(CurriculumPhase(from_iteration=s) for s in starts))


def test_success_rates_are_running_means_that_start_from_the_prior():
    a, b, c = problems([None, 0.25, 0.25])
    rates = update_success_rates({"p0": 0.0, "p1": 0.5}, [(a, 1.0), (c, 1.0)], momentum=0.5)
    assert rates == {"p0": 0.5, "p1": 0.5, "p2": 0.875}
    assert b.id == "p1"


def test_problems_under_way_are_not_drawn_again():
    pool = problems([0.5] * 4)
    drawn = draw_problems(pool, 4, SamplingConfig(), {}, 0, seed=0, under_way={"p1", "p2"})
    assert {p.id for p in drawn} == {"p0", "p3"}
    assert draw_problems(pool, 4, SamplingConfig(), {}, 0, seed=0, under_way={p.id for p in pool}) == []


def test_draws_are_uniform_until_priorities_start():
    pool = problems([0.5] * 4)
    rates = {"p0": 1.0, "p1": 1.0, "p2": 1.0, "p3": 0.0}
    config = SamplingConfig(prioritised_from=2)
    assert {p.id for p in draw_problems(pool, 4, config, rates, 1, seed=0)} == {"p0", "p1", "p2", "p3"}
    assert [p.id for p in draw_problems(pool, 4, config, rates, 2, seed=0)] == ["p3"]
    assert len(draw_problems(pool, 4, SamplingConfig(prioritised_from=None), rates, 9, seed=0)) == 4

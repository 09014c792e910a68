from collections import Counter

import pytest

from evals.benchmarks.puzzles import level_problems
from training.demonstrations.build import long_demonstrations, mix_with_short, solve
from verifiers import verify

LEVELS = ("countdown-2", "countdown-3", "countdown-4", "ordering-5", "ordering-7")


@pytest.mark.parametrize("level", LEVELS)
def test_demonstrations_of_every_style_pass_their_verifier(level):
    for problem in level_problems(level, "train", 20, 1):
        for style in ("short", "direct", "long"):
            assert (
                solve(problem, style, seed=2, max_checks=3) is not None
            )  # `solve` raises where the verifier objects


def long(problems, per_problem, max_checks=1):
    return long_demonstrations(
        problems, per_problem, max_tries=12, max_words=150, max_checks=max_checks, seed=0
    )


def test_so_many_traces_of_each_level_are_tried():
    problems = [p for level in ("countdown-2", "ordering-5") for p in level_problems(level, "train", 10, 0)]
    made = long(problems, {"ordering-5": 3})
    counts = Counter(d.problem.tags["level"] for d in made)
    assert counts["ordering-5"] == 30
    assert 0 < counts["countdown-2"] <= 10
    assert len({d.response for d in made}) > len({d.problem.id for d in made})
    assert all(len(d.response.split()) <= 150 for d in made)


def test_a_trace_checks_its_solution_once_to_so_often():
    problems = level_problems("ordering-5", "train", 60, 0)
    checks = Counter(d.response.count(" ok") for d in long(problems, {}, max_checks=3))
    assert set(checks) == {1, 2, 3}
    assert set(Counter(d.response.count(" ok") for d in long(problems, {}))) == {1}


@pytest.mark.parametrize("share", [0.0, 0.3, 0.75])
def test_the_mix_has_the_share_of_short_ones_and_they_are_right(share):
    traces = long(level_problems("countdown-3", "train", 40, 0), {"countdown-3": 2})
    mixed = mix_with_short(traces, share, seed=0)
    assert mixed[: len(traces)] == traces
    short = mixed[len(traces) :]
    assert len(short) / len(mixed) == pytest.approx(share, abs=0.01)
    assert all("goal" not in d.response for d in short)
    assert all(verify("countdown", d.response, d.problem.reference).correct for d in short)
    assert mix_with_short(traces, share, seed=0) == mixed

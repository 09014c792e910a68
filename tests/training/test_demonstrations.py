import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.benchmarks.puzzles import level_problems
from training.demonstrations.build import (
    Demonstration,
    long_demonstrations,
    mix_with_short,
    short_demonstrations,
    solve,
    verified,
)
from verifiers import verify

LEVELS = ("countdown-2", "countdown-3", "countdown-4", "ordering-5", "ordering-7", "programs-1", "programs-2")


@pytest.mark.parametrize("level", LEVELS)
def test_demonstrations_of_every_style_pass_their_verifier(level):
    made = [
        Demonstration(problem, response)
        for problem in level_problems(level, "train", 20, 1)
        for style in ("short", "direct", "long")
        if (response := solve(problem, style, seed=2, max_checks=3)) is not None
    ]
    assert len(made) == 60
    assert verified(made) == made


def test_a_wrong_demonstration_is_a_fault():
    (problem,) = level_problems("programs-1", "train", 1, 0)
    with pytest.raises(RuntimeError, match=r"The demonstration of programs:.* is wrong"):
        verified([Demonstration(problem, "<think> </think> <answer> f = lambda x : x * 60 </answer>")])


def test_direct_demonstrations_learn_the_answer_alone():
    made = short_demonstrations(level_problems("programs-2", "train", 8, 0), direct_share=1.0, seed=0)
    direct = [d for d in made if d.prefill]
    assert len(made) == 2 * len(direct) == 16
    assert all(d.response.startswith("f = lambda x : ") for d in direct)


CALCULATION = re.compile(r"(?<![=] )\b\d+ (?:(?:[-+*]|//) \d+ = \d+ ?)+")


@given(st.sampled_from(("programs-1", "programs-2")), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_every_step_of_a_trace_is_right(level, seed):
    """Each calculation holds, a try ends in `yes` exactly where all its results are those shown."""
    (problem,) = level_problems(level, "train", 1, seed)
    trace = solve(problem, "long", seed, max_checks=3)
    for calculation in CALCULATION.findall(trace):
        first, *results = re.split(" = ", calculation.strip())
        value = first
        for step in results:
            result = step.split(" ")[0]
            assert eval(value) == int(result), calculation
            value = step
    tries = re.findall(r"try (.*?) (yes|no) \.", trace)
    assert [verdict for _, verdict in tries] == ["no"] * (len(tries) - 1) + ["yes"]
    for tried, verdict in tries:
        _, *others = re.split(r"(?:^| , )\d+ (?=\d+ : )", tried)[1:]
        reached = [other.split(" : ")[0] == other.rsplit("= ", 1)[1] for other in others]
        assert reached
        assert reached == [True] * (len(reached) - 1) + [verdict == "yes"]


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

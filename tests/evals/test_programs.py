"""The benchmark of programs: what its problems ask for, and what its judge takes for an answer."""

import random
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.benchmarks import load_benchmark, programs
from evals.benchmarks.countdown import VALUE_MAX
from evals.benchmarks.programs import LEVELS, TESTED, Program, determined, examples_of, grammar, size_of
from evals.judge import judge
from evals.splits import split_of

ALL = [program for size in LEVELS for shape in grammar(size) for program in shape]
problems = st.builds(
    lambda split, size, seed: next(programs.generate(split, size, seed)),
    st.sampled_from(["train", "validation", "test"]),
    st.sampled_from(sorted(LEVELS)),
    st.integers(0, 10**6),
)


def response(source: str) -> str:
    return f"<think> </think> <answer> {source} </answer>"


def statuses(problem, *sources: str) -> list[str]:
    return [v.status for v in judge([(problem, response(source), "stop") for source in sources])]


@given(st.sampled_from(ALL), st.integers(-5, 200))
def test_a_program_is_the_python_that_it_reads_as(program, x):
    assert eval(str(program), {"x": x}) == program(x)


@given(problems)
@settings(max_examples=60, deadline=None)
def test_the_solution_of_every_problem_is_judged_right(problem):
    _, expression, _ = problem.id.split(":")
    assert (
        statuses(problem, f"f = lambda x : {expression}", f"def f(x): return {expression}") == ["correct"] * 2
    )


@given(problems)
@settings(max_examples=60, deadline=None)
def test_what_is_shown_says_which_program_is_meant(problem):
    examples = examples_of(problem)
    assert len({x for x, _ in examples}) == len(examples) == programs.EXAMPLES
    assert all(1 <= x <= programs.INPUT_MAX and 1 <= result <= VALUE_MAX for x, result in examples)
    fitting = [p for p in ALL if all(p(x) == result for x, result in examples)]
    assert problem.id.split(":")[1] in map(str, fitting)
    assert len({tuple(map(p, TESTED)) for p in fitting}) == 1


def test_examples_that_leave_it_open_are_found():
    doubled, squared = Program("x", (("*", 2),)), Program("x", (("*", "x"),))
    assert doubled(2) == squared(2)
    assert not determined([(2, 4)])
    assert determined([(2, 4), (3, 6)])
    assert not determined([(2, 4), (3, 9)])  # x * 5 - 6 too
    assert determined([(3, 9), (5, 25)])


def test_splits_are_disjoint_and_levels_are_told_apart():
    ids: dict[str, set[str]] = {}
    for split in ("train", "validation", "test"):
        for size in LEVELS:
            made = list(islice(programs.generate(split, size, 0), 200))
            assert {split_of(problem.id) for problem in made} == {split}
            assert {size_of(problem) for problem in made} == {size}
            assert len({problem.id for problem in made}) == 200
            ids.setdefault(split, set()).update(problem.id for problem in made)
    assert not ids["train"] & ids["test"]
    assert not ids["train"] & ids["validation"]
    assert not ids["validation"] & ids["test"]


def test_equal_seeds_give_equal_problems():
    first, again, other = (list(islice(programs.generate("train", 2, seed), 20)) for seed in (1, 1, 2))
    assert first == again != other
    with pytest.raises(ValueError, match="no level with 7 operations"):
        next(programs.generate("train", 7, 0))


def test_the_benchmark_has_both_levels():
    benchmark = load_benchmark("programs", problems_per_level=3)
    assert [problem.tags["level"] for problem in benchmark.load()] == ["programs-1"] * 3 + ["programs-2"] * 3


def table_of(problem) -> str:
    """The shown examples by heart."""
    return f"f = lambda x : {dict(examples_of(problem))}[x]"


def constant_of(problem) -> str:
    return f"f = lambda x : {examples_of(problem)[0][1]}"


def line_of(problem) -> str:
    """Right on the examples, and on no number that they lie far from."""
    (x, result), *_ = examples_of(problem)
    return f"f = lambda x : {result} if x == {x} else {table_of(problem)[15:]}"


HOSTILE = (
    'f = lambda x : __import__("os")._exit(0)',
    'f = lambda x : __import__("sys").exit(0)',
    "f = lambda x : (_ for _ in ()).throw(SystemExit)",
    'f = lambda x : type("Any", (int,), {"__eq__": lambda *a: True, "__hash__": int.__hash__})(x)',
    'f = lambda x : type("Any", (), {"__eq__": lambda *a: True})()',
    "f = lambda x : f(x)",
    "f = lambda x : x if x else f",
    "f = each",
    "each = lambda inputs : True",
    "each = lambda inputs : inputs",
    "each = lambda inputs : [None] * len(inputs)",
    'f = lambda x : __import__("inspect").stack()[1].frame.f_locals.get("result", 0)',
    'f = lambda x : __import__("json").load(open("/proc/self/fd/3"))',
    'print("passed")',
    "f",
    "f =",
    "f = lambda x",
    "0",
    "",
)


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_no_trick_is_judged_right(level):
    for problem in islice(programs.generate("test", level, 3), 2):
        tricks = [*HOSTILE, table_of(problem), constant_of(problem), line_of(problem)]
        assert [
            (trick, status)
            for trick, status in zip(tricks, statuses(problem, *tricks), strict=True)
            if status not in ("wrong", "no_answer")
        ] == []


def test_a_program_that_is_right_by_another_way_is_right():
    rng = random.Random(0)
    program = rng.choice(grammar(2)[0])
    problem = programs.problem(program, [1, 2])
    slope, start = program(2) - program(1), program(0)
    other = (
        f"def f(x):\n    total = {start}\n    for _ in range(x):\n        total += {slope}\n    return total"
    )
    assert statuses(problem, other) == ["correct"]

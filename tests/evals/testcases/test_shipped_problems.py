"""The problems that ship, for real."""

import ast
from collections import Counter

import pytest

from evals.testcases.catch import catch_rates
from evals.testcases.funnel import funnel
from evals.testcases.problem import SHIPPED, read_labels, read_problem, read_problems
from evals.testcases.run import run
from evals.testcases.settings import Settings

PROBLEMS = read_problems(SHIPPED)
LABELS = {problem.id: read_labels(SHIPPED / problem.id) for problem in PROBLEMS}


def shape(source: str) -> str:
    """A Python program without its own names, numbers and texts: two copies of one program have the same."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for field in () if isinstance(node, ast.alias) else ("id", "arg", "attr", "name", "value"):
            if isinstance(getattr(node, field, None), str | int | bytes):
                setattr(node, field, 0)
    return ast.dump(tree)


def test_there_are_enough_problems_and_every_submission_is_labelled():
    assert len(PROBLEMS) >= 20
    assert sum(problem.special_judge is not None for problem in PROBLEMS) >= 2
    for problem in PROBLEMS:
        names = {one.name for one in problem.submissions}
        assert set(LABELS[problem.id]) == names, problem.id
        assert sum(one.accepted for one in problem.submissions) >= 10, problem.id
        assert problem.samples, problem.id
        assert problem.generator, problem.id
        wrong = {name for name, label in LABELS[problem.id].items() if label}
        assert wrong, problem.id
        assert {one.name for one in problem.submissions if not one.accepted} <= wrong


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.id)
def test_no_submission_is_a_renamed_copy(problem):
    shapes = Counter(shape(one.source) for one in problem.submissions if one.language == "python")
    assert max(shapes.values()) == 1


def test_two_problems_for_real(sandbox, tmp_path):
    problems = [read_problem(SHIPPED / name) for name in ("dates", "negabinary")]
    dates, negabinary = run(problems, LABELS, sandbox, Settings(), tmp_path, workers=2)
    assert dates.curated.end == "kept"
    assert len(dates.curated.cases) >= 40
    rates = catch_rates(dates.judged)
    assert rates.wrong_by_cases.count == rates.wrong_by_cases.of > rates.wrong_by_samples.count
    assert rates.alarms_by_cases.count == 0
    # its generator draws from 21 inputs, so that most come twice
    assert negabinary.curated.end == "generator"
    assert negabinary.curated.faults["repeated"] >= 29


@pytest.mark.slow
def test_wrong_submissions_are_caught_more_often_than_by_the_samples(sandbox, tmp_path):
    results = run(PROBLEMS, LABELS, sandbox, Settings(), tmp_path, workers=2)
    steps = {step.name: step.problems for step in funnel(result.curated for result in results)}
    assert steps["need no special judge"] == 22
    assert steps["generator gave enough valid cases"] >= 20
    assert steps["kept: enough submissions pass"] >= 18
    rates = catch_rates([one for result in results for one in result.judged])
    assert rates.wrong_by_cases.share.low > rates.wrong_by_samples.share.high
    assert rates.wrong_by_cases.share.value >= 0.9
    assert rates.p_value < 1e-9
    assert rates.by_problem.p_value < 1e-3
    assert (rates.alarms_by_samples.count, rates.alarms_by_cases.count) == (0, 0)

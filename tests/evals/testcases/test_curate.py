"""One problem through the protocol, with functions in place of programs."""

import pytest
from testcases_support import SMALL, adding, exited, fake, make_problem

from evals.testcases.catch import judge
from evals.testcases.curate import curate_problem
from evals.testcases.errors import SandboxFailed
from verifiers.sandbox.types import Execution

TOO_LONG = Execution("limit", "More than 1 s.", limit="cpu")
DOWN = Execution("failed", "The worker died.")


def curated(problem=None, **programs):
    return curate_problem(problem or make_problem(), fake(**programs), SMALL)


def test_a_good_problem_is_kept_with_its_cases():
    found = curated()
    assert (found.end, found.inputs, found.faults) == ("kept", 6, {})
    assert [(case.input, case.output) for case in found.cases] == [
        (f"{n} 2\n", f"{n + 2}") for n in range(1, 7)
    ]
    assert found.drawn == {"a.py": True, "b.py": True, "c.py": True}


def test_a_problem_that_needs_a_special_judge_is_left_out_and_nothing_is_run():
    sandbox = fake()
    found = curate_problem(make_problem(special_judge="Any order is right."), sandbox, SMALL)
    assert (found.end, found.reason, sandbox.runs) == ("special_judge", "Any order is right.", [])


def test_fewer_submissions_than_are_drawn():
    found = curated(make_problem(submissions=make_problem().submissions[:2]))
    assert (found.end, found.reason) == ("submissions", "2 accepted submissions can be run, and 3 are drawn.")


def test_a_problem_without_a_generator():
    assert curated(make_problem(generator=None)).end == "generator"


@pytest.mark.parametrize(
    ("generator", "faults"),
    [
        (lambda number, seed: exited("", 1), {"crashed": 6}),
        (lambda number, seed: TOO_LONG, {"cpu": 6}),
        (lambda number, seed: exited("\n"), {"nothing printed": 6}),
        (lambda number, seed: exited("1 2\n"), {"repeated": 5}),
        (lambda number, seed: Execution("exited", "", exit_code=0, stdout=b"\xff"), {"no text": 6}),
        (lambda number, seed: exited("1 2\n" if number < "4" else f"{number} 2\n"), {"repeated": 2}),
    ],
)
def test_faults_of_a_generator_are_counted_by_kind(generator, faults):
    found = curated(g=generator)
    assert found.faults == faults
    assert (found.end == "generator") == (found.inputs < SMALL.valid)
    assert found.inputs + sum(faults.values()) == SMALL.inputs


def test_inputs_in_a_wrong_format_are_not_valid():
    def strict(text):
        return exited("", 1) if "." in text else adding(text)

    found = curated(g=lambda number, seed: exited(f"{number}.5 2\n"), a=strict, b=strict, c=strict)
    assert (found.end, found.cases) == ("generator", ())
    assert found.reason == "Its generator gave 0 valid inputs, and 4 are needed."


def test_one_submission_may_fail_and_two_may_not():
    def off(text):
        return exited("0\n")

    assert curated(a=off).end == "kept"
    found = curated(a=lambda text: exited("", 1) if text[0] == "6" else adding(text), b=off)
    # a and c agree on five inputs, of which b fails all, and on the sixth nobody agrees
    assert (found.end, len(found.cases), found.drawn) == (
        "kept",
        5,
        {"a.py": True, "b.py": False, "c.py": True},
    )
    odd = curated(
        a=lambda text: off(text) if text[0] == "1" else adding(text),
        b=lambda text: off(text) if text[0] == "2" else adding(text),
    )
    assert (odd.end, odd.reason) == ("agreement", "1 of 3 submissions pass all 6 cases.")


def test_white_space_at_the_ends_is_no_disagreement():
    assert curated(a=lambda text: exited(f" \n{adding(text).stdout.decode()}")).drawn["a.py"] is False
    assert curated(a=lambda text: exited(f"{adding(text).stdout.decode().strip()}  \r\n\n")).drawn["a.py"]


def test_output_that_is_printed_before_a_crash_does_not_count():
    assert curated(a=lambda text: Execution("exited", "", exit_code=1, stdout=adding(text).stdout)).drawn == {
        "a.py": False,
        "b.py": True,
        "c.py": True,
    }


def test_a_slow_submission_is_stopped_after_three_strikes():
    sandbox = fake(a=lambda text: TOO_LONG)
    found = curate_problem(make_problem(), sandbox, SMALL)
    assert (found.drawn["a.py"], sandbox.runs.count("a")) == (False, SMALL.strikes)


def test_a_program_that_does_not_compile_is_tried_once():
    sandbox = fake(a=lambda text: Execution("not_compiled", "Syntax."))
    found = curate_problem(make_problem(), sandbox, SMALL)
    assert (found.drawn["a.py"], sandbox.runs.count("a")) == (False, 1)


def test_a_submission_that_this_machine_cannot_run_is_passed_over():
    found = curated(a=lambda text: Execution("no_toolchain", "There is no compiler."))
    assert (found.end, found.not_run) == ("submissions", ("a.py",))
    more = (*make_problem().submissions, make_problem().submissions[0].__class__("d.py", "python", "c"))
    found = curated(make_problem(submissions=more), a=lambda text: Execution("no_toolchain", "None."))
    assert found.end == "kept"
    assert "a.py" not in found.drawn


@pytest.mark.parametrize("where", ["g", "a"])
def test_where_the_sandbox_fails_nothing_is_said_of_the_problem(where):
    with pytest.raises(SandboxFailed, match="The worker died"):
        curated(**{where: lambda *words: DOWN})


def test_a_labelled_submission_is_put_before_samples_and_cases_and_its_run_stops_at_the_first_failure():
    def only_one(text):
        return exited("2\n")

    problem = make_problem(
        submissions=(
            *make_problem().submissions,
            make_problem().submissions[0].__class__("w.py", "python", "w", False),
        )
    )
    sandbox = fake(w=only_one)
    found = curate_problem(problem, sandbox, SMALL)
    assert "w" not in sandbox.runs
    rows = judge(problem, found, {"a.py": None, "w.py": "It always prints 2."}, sandbox, SMALL)
    assert [(row.submission, row.wrong, row.drawn, row.passed_samples, row.passed_cases) for row in rows] == [
        ("a.py", False, True, True, True),
        ("w.py", True, False, True, False),
    ]
    assert sandbox.runs.count("w") == 2


def test_problems_that_are_not_kept_are_not_judged():
    problem = make_problem(special_judge="Any.")
    assert judge(problem, curated(problem), {"a.py": None}, fake(), SMALL) == []

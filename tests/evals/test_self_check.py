"""The harness self-check: known marks come out as they are known, and a fault in the harness is seen."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from evals.benchmarks import SPECS, cluewsc
from evals.data import DataError
from evals.self_check import Check, Output, checks, self_check
from evals.self_check.own_rows import outputs, own_rows
from evals.types import Problem
from verifiers.sandbox import LANGUAGES

CHECKS = checks()


def made(*marks):
    """Responses `1`, `2`, ... to problems whose answer is 1, with these marks."""
    return [
        Output(Problem(f"p{n}", (), "1", "text"), f"The answer is {n}.", right)
        for n, right in enumerate(marks, 1)
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.name}, {check.kind}")
def test_known_marks_come_out_as_they_are_known(check):
    (checked,) = self_check([check], workers=1)
    if checked.result == "not run" and ("sandbox" in checked.why or "not found" in checked.why):
        pytest.skip(checked.why)
    assert checked.result == "as expected", checked
    assert set(checked.differing) == check.disputed | check.stricter.keys()
    assert len(checked.known) == len(check.stricter)
    if not checked.differing:
        assert (checked.obtained, checked.agreement) == (checked.expected, 1.0)


def test_what_is_published_of_them():
    public = [check for check in CHECKS if check.kind == "public outputs"]
    shares = {check.name: [output.right for output in check.read()] for check in public}
    assert [(len(marks), sum(marks)) for marks in shares.values()] == [
        (164, 164), (6, 3), (1319, 742), (900, 329)
    ]  # fmt: skip


def test_a_mark_that_we_do_not_share_is_told():
    check = Check("mine", "here", lambda: made(True, False, True))
    (checked,) = self_check([check], workers=1)
    assert (checked.result, checked.differing) == ("differs", ("p3",))
    assert (checked.expected, checked.obtained) == (2 / 3, 1 / 3)
    (disputed,) = self_check([replace(check, disputed=frozenset({"p3"}))], workers=1)
    assert (disputed.result, disputed.known) == ("as expected", ())
    (stricter,) = self_check([replace(check, stricter={"p3": "we are stricter"})], workers=1)
    assert (stricter.result, stricter.known) == ("as expected", ("p3: we are stricter",))


def test_what_is_not_installed_is_not_run_and_the_rest_is():
    def missing():
        raise DataError("The package is not there.")

    checked = self_check(
        [Check("mine", "here", missing), Check("other", "here", lambda: made(True))], workers=1
    )
    assert [(one.result, one.why, one.responses) for one in checked] == [
        ("not run", "The package is not there.", None),
        ("as expected", "", 1),
    ]


def test_a_language_without_its_tools_is_not_run(monkeypatch):
    import verifiers.code

    monkeypatch.setattr(verifiers.code, "missing_tools", lambda references: "mcs not found: install Mono")
    chosen = [check for check in CHECKS if check.name in ("HumanEval-Mul, C#", "C-Eval")]
    checked = {one.name: (one.result, one.why) for one in self_check(chosen, workers=1)}
    if "sandbox" in checked["HumanEval-Mul, C#"][1]:
        pytest.skip(checked["HumanEval-Mul, C#"][1])
    assert checked == {
        "C-Eval": ("as expected", ""),
        "HumanEval-Mul, C#": ("not run", "mcs not found: install Mono"),
    }


# --- Rows of our own --------------------------------------------------------------------------------------------


def test_every_benchmark_has_rows_with_the_meaning_of_its_labels_and_who_says_so():
    assert {own.benchmark for own in own_rows().values()} == SPECS.keys()
    for own in own_rows().values():
        assert all([own.title, own.meaning, own.sources, own.rows])
        assert all(marked.right and marked.wrong for marked in own.rows)


def test_every_kind_of_row_is_there():
    rows = {
        name: [m.row for own in own_rows().values() for m in own.rows if own.benchmark == name]
        for name in SPECS
    }
    problems = {name: [SPECS[name].problem(row) for row in rows[name]] for name in SPECS}
    assert {problem.tags["language"] for problem in problems["humaneval_mul"]} == set(LANGUAGES)
    assert {row["label"] for row in rows["cluewsc"]} == {0, 1, "true", "false"}
    kinds = {
        case["testtype"] for row in rows["livecodebench"] for case in json.loads(row["public_test_cases"])
    }
    assert kinds == {"stdin", "functional"}
    assert {row["question_type"] for row in rows["mmmu"]} == {"multiple-choice", "open", "short-answer"}
    assert {problem.verifier for problem in problems["mmmu"]} == {"choice", "math", "text"}
    assert {row["answer_type"] for row in rows["mathvista"]} == {"text", "integer", "float", "list"}
    assert Counter(problem.verifier for problem in problems["mathvision"]) == {"choice": 2, "math": 1}
    assert {bool(row["generated_checker"]) for row in rows["codeforces"]} == {True, False}


def test_a_label_that_is_read_the_wrong_way_round_is_seen(monkeypatch):
    monkeypatch.setattr(cluewsc, "HUB_CLASSES", ("false", "true"))
    own = own_rows()["cluewsc.json"]
    (checked,) = self_check([Check(own.title, "", lambda: outputs(own), "own rows")], workers=1)
    assert checked.result == "differs"
    assert {name.partition(",")[0] for name in checked.differing} == {"row 1", "row 2"}  # the hub's


def test_a_verifier_that_lacks_its_package_is_not_run(monkeypatch):
    import evals.self_check as module
    from verifiers import Verdict

    reason = "ImportError: Judging this instruction needs nltk: pip install 'k15-repro[instructions]'."
    monkeypatch.setattr(
        module,
        "judge",
        lambda answers, workers: [Verdict("error", 0.0, None, "error", reason, "text", "1") for _ in answers],
    )
    (checked,) = self_check([Check("mine", "here", lambda: made(True, False), "own rows")])
    assert (checked.result, checked.why) == ("not run", reason)

"""The harness self-check: public outputs come out as published, and a fault in the harness is seen."""

from dataclasses import replace

import pytest

from evals.data import DataError
from evals.self_check import CHECKS, Check, Output, self_check
from evals.types import Problem


def outputs(*marks):
    """Responses `1`, `2`, ... to problems whose answer is 1, with these marks."""
    return [
        Output(Problem(f"p{n}", (), "1", "text"), f"The answer is {n}.", right)
        for n, right in enumerate(marks, 1)
    ]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_public_outputs_are_judged_as_published(check):
    (checked,) = self_check([check], workers=1)
    if checked.result == "not run" and "sandbox" in checked.why:
        pytest.skip(checked.why)
    assert (checked.result, checked.differing, checked.agreement) == ("as expected", (), 1.0)
    assert checked.obtained == checked.expected


def test_what_is_published_of_them():
    shares = {check.name: [output.right for output in check.read()] for check in CHECKS}
    assert [(len(marks), sum(marks)) for marks in shares.values()] == [(164, 164), (6, 3), (1319, 742)]


def test_a_mark_that_we_do_not_share_is_told():
    check = Check("mine", "here", lambda: outputs(True, False, True))
    (checked,) = self_check([check], workers=1)
    assert (checked.result, checked.differing) == ("differs", ("p3",))
    assert (checked.expected, checked.obtained) == (2 / 3, 1 / 3)
    (disputed,) = self_check([replace(check, disputed=frozenset({"p3"}))], workers=1)
    assert disputed.result == "as expected"


def test_what_is_not_installed_is_not_run():
    def missing():
        raise DataError("The package is not there.")

    (checked,) = self_check([Check("mine", "here", missing)])
    assert (checked.result, checked.why, checked.responses) == ("not run", "The package is not there.", None)

"""The vote, the funnel and the catch rates, which run no program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from testcases_support import make_problem

from evals.testcases.agreement import agree, order_of_draw
from evals.testcases.catch import Judged, catch_rates, mcnemar
from evals.testcases.curate import Curated
from evals.testcases.funnel import funnel
from evals.testcases.problem import Submission
from evals.testcases.settings import Settings

PAPER = Settings()
VOTES = st.integers(1, 5).flatmap(
    lambda inputs: st.lists(
        st.lists(st.sampled_from(["1", "2", None]), min_size=inputs, max_size=inputs),
        min_size=10,
        max_size=10,
    )
)


def columns(*outputs: str) -> list[list[str | None]]:
    """A row for each submission, from a string for each input; `-` is a failure."""
    return [[None if c == "-" else c for c in row] for row in zip(*outputs, strict=True)]


def test_the_defaults_are_the_papers():
    assert (PAPER.inputs, PAPER.drawn, PAPER.agreeing, PAPER.valid, PAPER.passing) == (50, 10, 7, 40, 9)


@pytest.mark.parametrize(
    ("votes", "agreed"),
    [
        ("1111111222", "1"),
        ("1111112222", None),
        ("1111111---", "1"),
        ("----------", None),
        ("-------111", None),
    ],
)
def test_an_input_is_valid_where_seven_of_ten_agree(votes, agreed):
    assert agree(columns(votes), PAPER).outputs == (agreed,)


def test_a_failure_is_no_output_to_agree_on_but_fails_a_valid_input():
    vote = agree(columns("1111111---", "2222222222"), PAPER)
    assert vote.passed == (True,) * 7 + (False,) * 3


def test_an_input_that_is_not_valid_fails_nobody():
    vote = agree(columns("1111122222", "3333333333"), PAPER)
    assert (vote.valid, vote.passed) == (1, (True,) * 10)


@given(VOTES, st.randoms())
def test_the_order_of_the_submissions_does_not_matter(rows, random):
    shuffled = list(enumerate(rows))
    random.shuffle(shuffled)
    vote, other = agree(rows, PAPER), agree([row for _, row in shuffled], PAPER)
    assert other.outputs == vote.outputs
    assert other.passed == tuple(vote.passed[i] for i, _ in shuffled)


@given(VOTES)
def test_what_is_agreed_on_was_printed_by_seven_and_passed_by_those_that_print_it_always(rows):
    vote = agree(rows, PAPER)
    for i, output in enumerate(vote.outputs):
        assert output is None or sum(row[i] == output for row in rows) >= 7
    for row, passed in zip(rows, vote.passed, strict=True):
        assert passed == all(o is None or given == o for given, o in zip(row, vote.outputs, strict=True))


def test_too_few_votes_are_a_mistake():
    with pytest.raises(ValueError, match="10 submissions vote, not 9"):
        agree(columns("1" * 9), PAPER)


@pytest.mark.parametrize(
    "wrong", [{"agreeing": 5}, {"agreeing": 11}, {"passing": 0}, {"valid": 51}, {"strikes": 0}, {"inputs": 0}]
)
def test_settings_that_contradict_each_other_are_refused(wrong):
    with pytest.raises(ValueError, match="Settings: "):
        Settings(**wrong)


def test_only_accepted_submissions_are_drawn_in_an_order_of_seed_and_names():
    programs = [Submission(f"{i}.py", "python", "", accepted=i % 2 == 0) for i in range(40)]
    problem = make_problem(submissions=tuple(programs))
    drawn = order_of_draw(problem, PAPER)
    assert {one.name for one in drawn} == {one.name for one in programs if one.accepted}
    assert order_of_draw(make_problem(submissions=tuple(programs[::-1])), PAPER) == drawn
    assert order_of_draw(problem, Settings(seed=1)) != drawn


def test_the_funnel_counts_what_is_left_beside_the_paper():
    ends = ["kept", "agreement", "generator", "kept", "special_judge", "submissions"]
    steps = funnel(Curated(str(i), end, "") for i, end in enumerate(ends))
    assert [step.problems for step in steps] == [6, 5, 4, 3, 2]
    assert [step.paper for step in steps] == [1000, 614, None, 463, 323]


def test_a_problem_counts_once():
    with pytest.raises(ValueError, match="twice"):
        funnel([Curated("a", "kept", ""), Curated("a", "kept", "")])


def judged(problem: str, wrong: bool, samples: bool, cases: bool, drawn: bool = False) -> Judged:
    return Judged(problem, f"{wrong}{samples}{cases}{drawn}", wrong, drawn, samples, cases)


def test_catch_rates():
    rates = catch_rates(
        [
            judged("a", True, True, False),
            judged("a", True, True, False, drawn=True),
            judged("a", True, False, False),
            judged("b", True, True, True),
            judged("b", False, True, True, drawn=True),
            judged("b", False, True, False),
        ]
    )
    assert (rates.wrong_by_samples.count, rates.wrong_by_cases.count, rates.wrong_by_cases.of) == (1, 3, 4)
    assert (rates.only_samples, rates.only_cases, rates.p_value) == (0, 2, 0.5)
    assert (rates.alarms_by_samples.count, rates.alarms_by_cases.count, rates.alarms_not_drawn.of) == (
        0,
        1,
        1,
    )
    assert rates.slipped == ("b/TrueTrueTrueFalse",)
    assert rates.by_problem.difference.value == pytest.approx((2 / 3 + 0) / 2)
    share = rates.wrong_by_cases.share
    assert 0 < share.low < share.value == 0.75 < share.high < 1


def test_catch_rates_of_nothing():
    rates = catch_rates([])
    assert (rates.problems, rates.wrong_by_cases.share, rates.by_problem, rates.p_value) == (
        0,
        None,
        None,
        1.0,
    )


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_exact_binomial_test(first, second):
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)

"""Do the cases catch wrong submissions that the problem's samples let through?

Labels say which submissions are wrong. They enter here only, after the cases are made.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import comb

from evals.metrics import PairedTest, mean, paired_test
from evals.testcases.answers import NoToolchain, answers, normalised
from evals.testcases.curate import Curated
from evals.testcases.problem import Case, CodingProblem, Submission
from evals.testcases.settings import Settings
from evals.types import Interval
from verifiers.intervals import Z95, wilson_interval
from verifiers.sandbox.types import Sandbox


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled submission before the samples and before the cases. `drawn`: its vote made the cases too."""

    problem: str
    submission: str
    wrong: bool
    drawn: bool
    passed_samples: bool
    passed_cases: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """How many of `of` submissions fail, and the share with Wilson's 95 % interval; no share of none."""

    count: int
    of: int
    share: Interval | None


@dataclass(frozen=True, slots=True)
class CatchRates:
    """Wrong submissions that fail (are caught), and right ones that fail (false alarms), by samples and by cases.

    `only_samples` and `only_cases` count the wrong ones that fail one of the two alone; `p_value` is McNemar's
    exact test on them, two-sided. `by_problem` is the same comparison with the problem as its unit, as the
    submissions of one problem are not independent: catch rate by cases − by samples. `slipped` are the wrong ones
    that pass the cases. `alarms_not_drawn` leaves out those whose own vote made the cases.
    """

    problems: int
    wrong_by_samples: Failed
    wrong_by_cases: Failed
    only_samples: int
    only_cases: int
    p_value: float
    by_problem: PairedTest | None
    alarms_by_samples: Failed
    alarms_by_cases: Failed
    alarms_not_drawn: Failed
    slipped: tuple[str, ...]


def judge(
    problem: CodingProblem,
    curated: Curated,
    labels: Mapping[str, str | None],
    sandbox: Sandbox,
    settings: Settings,
) -> list[Judged]:
    """The labelled submissions of a problem before its samples and its cases; none where it was not kept.

    A submission whose language this machine cannot run is left out. Raises `SandboxFailed`.
    """
    if curated.end != "kept":
        return []
    judged = []
    for submission in problem.submissions:
        if submission.name not in labels:
            continue
        try:
            samples = _passes(problem, submission, problem.samples, sandbox, settings)
            cases = curated.drawn.get(submission.name)
            if cases is None:
                cases = _passes(problem, submission, curated.cases, sandbox, settings)
        except NoToolchain:
            continue
        wrong, drawn = labels[submission.name] is not None, submission.name in curated.drawn
        judged.append(Judged(problem.id, submission.name, wrong, drawn, samples, cases))
    return judged


def catch_rates(judged: Sequence[Judged]) -> CatchRates:
    """The rates of `judge`'s submissions, of all problems together."""
    wrong = [one for one in judged if one.wrong]
    right = [one for one in judged if not one.wrong]
    only_samples = sum(one.passed_cases and not one.passed_samples for one in wrong)
    only_cases = sum(one.passed_samples and not one.passed_cases for one in wrong)
    return CatchRates(
        problems=len({one.problem for one in judged}),
        wrong_by_samples=_failed([not one.passed_samples for one in wrong]),
        wrong_by_cases=_failed([not one.passed_cases for one in wrong]),
        only_samples=only_samples,
        only_cases=only_cases,
        p_value=mcnemar(only_samples, only_cases),
        by_problem=_by_problem(wrong),
        alarms_by_samples=_failed([not one.passed_samples for one in right]),
        alarms_by_cases=_failed([not one.passed_cases for one in right]),
        alarms_not_drawn=_failed([not one.passed_cases for one in right if not one.drawn]),
        slipped=tuple(f"{one.problem}/{one.submission}" for one in wrong if one.passed_cases),
    )


def mcnemar(first: int, second: int) -> float:
    """The exact two-sided p-value of McNemar's test: a fair coin shows `first` heads and `second` tails."""
    count = first + second
    tail = sum(comb(count, k) for k in range(min(first, second) + 1))
    return min(1.0, 2 * tail / (1 << count))


def _passes(
    problem: CodingProblem,
    submission: Submission,
    cases: Sequence[Case],
    sandbox: Sandbox,
    settings: Settings,
) -> bool:
    """Whether it prints what is right for every case; it is stopped at the first where it does not."""
    given = answers(problem, submission, [case.input for case in cases], sandbox, settings)
    with closing(given):
        return all(output == _right(case) for output, case in zip(given, cases, strict=True))


def _right(case: Case) -> str:
    return normalised(case.output.encode("utf-8")).decode("utf-8")


def _failed(fails: Sequence[bool]) -> Failed:
    if not fails:
        return Failed(0, 0, None)
    share = sum(fails) / len(fails)
    return Failed(sum(fails), len(fails), Interval(share, *wilson_interval(share, len(fails), Z95)))


def _by_problem(wrong: Sequence[Judged]) -> PairedTest | None:
    rows: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in wrong:
        rows[one.problem].append(one)
    if not rows:
        return None
    samples = [mean([float(not one.passed_samples) for one in row]) for row in rows.values()]
    cases = [mean([float(not one.passed_cases) for one in row]) for row in rows.values()]
    return paired_test(samples, cases)

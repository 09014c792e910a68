"""One problem, taken through the protocol."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evals.testcases.agreement import agree, order_of_draw
from evals.testcases.answers import NoToolchain, answers
from evals.testcases.generate import Generated, generate
from evals.testcases.problem import Case, CodingProblem, Submission
from evals.testcases.settings import Settings
from verifiers.sandbox.types import Sandbox

VERSION = 1
"""Raised when the same problem and settings may give other cases than before."""

End = Literal["special_judge", "submissions", "generator", "agreement", "kept"]


@dataclass(frozen=True, slots=True)
class Curated:
    """What became of a problem.

    `end` is the step at which it left the funnel, or `kept`; `reason` is a sentence. `cases` are the valid ones,
    also of a problem that was not kept. `inputs` counts different inputs, `faults` by their kind the runs of the
    generator that gave none. `drawn` says of each submission that voted whether it passed all cases; `not_run`
    are those that were drawn and passed over, as this machine cannot run their language.
    """

    problem: str
    end: End
    reason: str
    cases: tuple[Case, ...] = ()
    inputs: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)
    drawn: Mapping[str, bool] = field(default_factory=dict)
    not_run: tuple[str, ...] = ()


def curate_problem(problem: CodingProblem, sandbox: Sandbox, settings: Settings) -> Curated:
    """Take one problem through the protocol. Raises `SandboxFailed` where the sandbox does."""
    if problem.special_judge:
        return Curated(problem.id, "special_judge", problem.special_judge)
    ranked = order_of_draw(problem, settings)
    if len(ranked) < settings.drawn:
        return Curated(problem.id, "submissions", _few(len(ranked), settings))
    if problem.generator is None:
        return Curated(problem.id, "generator", "It has no generator.")
    generated = generate(problem, sandbox, settings)
    inputs = [one.input for one in generated if one.input is not None]
    faults = _faults(generated)
    if len(inputs) < settings.valid:
        reason = f"Its generator gave {len(inputs)} different inputs, and {settings.valid} are needed."
        reason += _first_detail(generated)
        return Curated(problem.id, "generator", reason, inputs=len(inputs), faults=faults)
    votes, not_run = _votes(problem, ranked, inputs, sandbox, settings)
    if len(votes) < settings.drawn:
        return Curated(problem.id, "submissions", _few(len(votes), settings), not_run=not_run)
    agreement = agree(list(votes.values()), settings)
    passed = sum(agreement.passed)
    if agreement.valid < settings.valid:
        end: End = "generator"
        reason = f"Its generator gave {agreement.valid} valid inputs, and {settings.valid} are needed."
    else:
        end = "kept" if passed >= settings.passing else "agreement"
        reason = f"{passed} of {settings.drawn} submissions pass all {agreement.valid} cases."
    return Curated(
        problem.id,
        end,
        reason,
        tuple(
            Case(text, right)
            for text, right in zip(inputs, agreement.outputs, strict=True)
            if right is not None
        ),
        len(inputs),
        faults,
        dict(zip(votes, agreement.passed, strict=True)),
        not_run,
    )


def _votes(
    problem: CodingProblem,
    ranked: Sequence[Submission],
    inputs: Sequence[str],
    sandbox: Sandbox,
    settings: Settings,
) -> tuple[dict[str, list[str | None]], tuple[str, ...]]:
    """What each of the first submissions prints that this machine can run, and the names of the others."""
    votes: dict[str, list[str | None]] = {}
    not_run = []
    same: dict[str | None, str | None] = {}  # equal outputs are held once
    for submission in ranked:
        if len(votes) == settings.drawn:
            break
        try:
            given = answers(problem, submission, inputs, sandbox, settings)
            votes[submission.name] = [same.setdefault(output, output) for output in given]
        except NoToolchain:
            not_run.append(submission.name)
    return votes, tuple(not_run)


def _faults(generated: Sequence[Generated]) -> dict[str, int]:
    return dict(sorted(Counter(one.fault for one in generated if one.input is None).items()))


def _first_detail(generated: Sequence[Generated]) -> str:
    return next((f" Input {one.number}: {one.detail}" for one in generated if one.detail), "")


def _few(count: int, settings: Settings) -> str:
    return f"{count} accepted submissions can be run, and {settings.drawn} are drawn."

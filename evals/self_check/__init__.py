"""Responses with known marks, judged by this installation: does the harness say of them what it should?

Public outputs (`public`) and, for each benchmark, rows of our own in the form of its data (`own_rows`).
"""

from collections.abc import Iterable, Iterator, Sequence

from evals.data import DataError
from evals.judge import judge
from evals.self_check.check import Check, Checked, Output, Result
from evals.self_check.own_rows import own_row_checks
from evals.self_check.public import PUBLIC_CHECKS
from verifiers import Verdict

__all__ = ["Check", "Checked", "Output", "Result", "checks", "self_check"]


def checks() -> list[Check]:
    """All that ship: public outputs first."""
    return [*PUBLIC_CHECKS, *own_row_checks()]


NOT_INSTALLED = "pip install 'k15-repro["
"""What a verdict says that failed for a package of this project's extras."""


def self_check(chosen: Iterable[Check] | None = None, workers: int = 0) -> list[Checked]:
    """Judge every set of responses; `workers` as in `evals.judge.judge`.

    A set whose data or verifier needs a package that is not installed, whose language has no tools here, or that needs
    a sandbox where none starts, is `not run`.
    """
    sets = [_read(check) for check in (checks() if chosen is None else chosen)]
    outputs = [output for _, given, _ in sets for output in given]
    verdicts = iter(judge([(one.problem, one.response, "stop") for one in outputs], workers))
    return [
        Checked(check.name, check.source, "not run", check.kind, why=why)
        if why
        else _compared(check, given, verdicts)
        for check, given, why in sets
    ]


def _read(check: Check) -> tuple[Check, Sequence[Output], str]:
    """The responses of a check, or why they cannot be judged."""
    from verifiers.code import missing_tools
    from verifiers.sandbox import SandboxUnavailable, shared

    try:
        outputs = check.read()
        references = [one.problem.reference for one in outputs if one.problem.verifier == "code"]
        if references:
            shared()
        why = missing_tools(references) if references else ""
    except (DataError, SandboxUnavailable) as error:
        return check, (), str(error)
    return check, () if why else outputs, why


def _compared(check: Check, outputs: Sequence[Output], verdicts: Iterator[Verdict]) -> Checked:
    """What came of a check; its verdicts are the next ones."""
    judged = [next(verdicts) for _ in outputs]
    lacking = [
        verdict.reason for verdict in judged if verdict.status == "error" and NOT_INSTALLED in verdict.reason
    ]
    if lacking:
        return Checked(check.name, check.source, "not run", check.kind, why=lacking[0])
    rights = [verdict.correct for verdict in judged]
    pairs = list(zip(outputs, rights, strict=True))
    differing = [one.problem.id for one, right in pairs if right != one.right]
    count = len(outputs)
    return Checked(
        name=check.name,
        source=check.source,
        result="as expected" if (check.disputed | check.stricter.keys()).issuperset(differing) else "differs",
        kind=check.kind,
        responses=count,
        expected=sum(one.right for one in outputs) / count,
        obtained=sum(rights) / count,
        agreement=1 - len(differing) / count,
        differing=tuple(differing),
        known=tuple(f"{name}: {check.stricter[name]}" for name in differing if name in check.stricter),
    )

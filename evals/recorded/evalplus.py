"""EvalPlus's results: one object, `eval` with the solutions to each task and whether they pass."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.human_eval import is_code
from evals.recorded.record import Record, marks


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("eval"), dict) and any(
        isinstance(runs, list) and runs and isinstance(runs[0], dict) and "base_status" in runs[0]
        for runs in row["eval"].values()
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per solution; `base_status` is HumanEval's own tests, `plus_status` EvalPlus's further ones."""
    for task, runs in row["eval"].items():
        for sample, run in enumerate(runs):
            names = ("base_status", "plus_status")
            yield Record(
                problem=str(task),
                response=str(run["solution"]),
                sample=sample,
                marks=marks({name: run.get(name) for name in names}),
                is_code=is_code(str(run["solution"])),
            )

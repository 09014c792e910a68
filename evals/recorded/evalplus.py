"""EvalPlus's results: one object, `eval` with the solutions to each task and whether they pass."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.human_eval import is_code
from evals.recorded.record import Record, mark, marks, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("eval"), dict) and any(
        isinstance(runs, list) and runs and isinstance(runs[0], dict) and "base_status" in runs[0]
        for runs in row["eval"].values()
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per solution.

    `base_status` is of HumanEval's own tests. The file's `plus_status` is of the further tests alone, while EvalPlus
    counts solutions that pass both; so does the mark of that name.
    """
    for task, runs in row["eval"].items():
        for sample, run in enumerate(runs):
            passed = [mark(run.get(name)) for name in ("base_status", "plus_status")]
            text = response_text(run["solution"])
            yield Record(
                problem=str(task),
                response=text,
                sample=sample,
                marks=marks(
                    {"base_status": passed[0], "plus_status": None if None in passed else all(passed)}
                ),
                is_code=is_code(text),
            )

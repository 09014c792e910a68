"""human-eval's files and EvalPlus's samples: a completion or a whole solution per line, with its result."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks

_MARKS = ("passed", "is_solved", "base_status")


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return "task_id" in row and isinstance(row.get("completion", row.get("solution")), str)


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per line. A completion goes on from the prompt, so it is code as it stands."""
    yield Record(
        problem=str(row["task_id"]),
        response=as_code(row["completion"] if "completion" in row else row["solution"]),
        row=row if "test" in row else None,
        marks=marks({name: row[name] for name in _MARKS if name in row}),
    )


def as_code(text: str) -> str:
    """Code as a response that holds it in a block."""
    return text if "```" in text else f"```python\n{text}\n```"

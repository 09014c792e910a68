"""human-eval's files and EvalPlus's samples: a completion or a whole solution per line, with its result."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks, response_text

_MARKS = ("passed", "is_solved", "base_status")


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    name = _field(row)
    return "task_id" in row and name is not None and isinstance(row[name], str | None)


def _field(row: dict[str, Any]) -> str | None:
    return next((name for name in ("completion", "solution") if name in row), None)


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per line. A completion goes on from the prompt, so it is code as it stands."""
    yield Record(
        problem=str(row["task_id"]),
        response=as_code(response_text(row[_field(row) or ""])),
        row=row if "test" in row else None,
        marks=marks({name: row[name] for name in _MARKS if name in row}),
    )


def as_code(text: str) -> str:
    """Code as a response that holds it in a block."""
    return text if "```" in text else f"```python\n{text}\n```"

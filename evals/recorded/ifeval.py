"""IF-Eval's own files: a row per prompt and response, with what was followed where it was evaluated."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"prompt", "response", "instruction_id_list"} <= row.keys() or row.keys() == {"prompt", "response"}


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per row; the problem is known by its prompt."""
    yield Record(
        problem=str(row.get("key", number)),
        response=str(row["response"]),
        row=row if "kwargs" in row else None,
        marks=marks({name: row[name] for name in ("follow_all_instructions",) if name in row}),
        question=str(row["prompt"]),
    )

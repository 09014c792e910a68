"""MMMU's outputs: rows with the response and what its scorer needs, `output.json` in a folder for each subject."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, response_text

_KEPT = ("all_choices", "index2ans")


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"id", "question_type", "answer", "response"} <= row.keys() and (
        any(name in row for name in _KEPT) or row["question_type"] in ("short-answer", "open")
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per row. `parsed_output.json` has the same rows with what was read out of the response."""
    yield Record(
        problem=str(row["id"]),
        response=response_text(row["response"]),
        row=row,
        reference=row["answer"],
        question=row.get("question"),
    )

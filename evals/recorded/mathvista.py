"""MathVista's result files: the data's own row with the model's response, by the question's id."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, marks, response_text

_FIELDS = {"pid", "answer", "question_type", "answer_type", "response"}


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return row.keys() >= _FIELDS


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per row; `true_false` is the mark of the authors' scorer, where it ran."""
    yield Record(
        problem=str(row["pid"]),
        response=response_text(row["response"]),
        row=row,
        reference=row["answer"],
        marks=marks({"true_false": row["true_false"]} if "true_false" in row else {}),
        question=row.get("question"),
    )

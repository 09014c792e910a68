"""MMLU-Pro's outputs: the data's row with what the model wrote and the letter that was read out of it."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, response_text

_RESPONSES = ("model_outputs", "generated_text", "model_output", "response")


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"question_id", "options", "answer", "pred"} <= row.keys() and any(
        name in row for name in _RESPONSES
    )


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per response.

    `pred` is right where it is the answer's letter. Its own scorer then draws a letter for each response that none
    was read out of, which no mark here does.
    """
    value = next(row[name] for name in _RESPONSES if name in row)
    for sample, text in enumerate(value if isinstance(value, list) else [value]):
        yield Record(
            problem=str(row["question_id"]),
            response=response_text(text),
            sample=sample,
            reference=row["answer"],
            marks={"pred": row["pred"] == row["answer"]},
            question=row.get("question"),
            options=tuple(map(str, row["options"])),
        )

"""This suite's own sample files (`samples/*.parquet`)."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record, response_text


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"problem_id", "sample_index", "response", "status"} <= row.keys()


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per sample."""
    reason = row.get("finish_reason")
    yield Record(
        problem=str(row["problem_id"]),
        response=response_text(row["response"]),
        sample=int(row["sample_index"]),
        marks={"status": row["status"] == "correct"},
        finish_reason=reason if reason in ("stop", "length", "repeat", "refused") else None,
    )

"""This suite's own sample files (`samples/*.parquet`)."""

from collections.abc import Iterator
from typing import Any

from evals.recorded.record import Record


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"problem_id", "sample_index", "response", "status"} <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per sample."""
    for row in rows:
        reason = row.get("finish_reason")
        yield Record(
            str(row["problem_id"]), row["response"], int(row["sample_index"]), None, None,
            row["status"] == "correct", reason if reason in ("stop", "length", "repeat") else None,
        )  # fmt: skip

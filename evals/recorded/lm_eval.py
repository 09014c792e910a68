"""lm-eval's `--log_samples` files: one line per document and filter."""

from collections.abc import Iterator
from typing import Any

from evals.data import DataError
from evals.recorded.record import Record, mark


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"doc_id", "doc", "resps"} <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per response, of the first filter in the file: the others have the same responses.

    The label is the first of the row's metrics that is 0 or 1.
    """
    first = rows[0].get("filter", "none")
    for row in rows:
        if row.get("filter", "none") != first:
            continue
        responses = row["resps"][0] if row["resps"] else []
        for sample, response in enumerate(responses if isinstance(responses, list) else [responses]):
            if not isinstance(response, str):
                raise DataError(
                    f"Document {row['doc_id']} has log-likelihoods and no text; only generated answers can be judged."
                )
            yield Record(str(row["doc_id"]), response, sample, row["doc"], row.get("target"), _label(row))


def _label(row: dict[str, Any]) -> bool | None:
    marks = (mark(row[name]) for name in row.get("metrics", ["exact_match", "acc"]) if name in row)
    return next((found for found in marks if found is not None), None)

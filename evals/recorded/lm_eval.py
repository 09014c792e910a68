"""lm-eval's `--log_samples` files: one line per document and filter."""

from collections.abc import Iterator
from typing import Any

from evals.data import DataError
from evals.recorded.fields import QUESTIONS
from evals.recorded.record import Record, figures, marks, response_text

_NO_METRICS = frozenset(
    ("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash",
     "prompt_hash", "target_hash")
)  # fmt: skip


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"doc_id", "doc", "resps"} <= row.keys()


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per response. Marks are called as in its results: `exact_match,strict-match`.

    With several responses a metric is of what the filter makes of them, so of the problem.
    """
    responses = row["resps"][0] if row["resps"] else []
    responses = responses if isinstance(responses, list) else [responses]
    several = len(responses) > 1
    metrics = row.get("metrics") or [name for name in row if name not in _NO_METRICS]
    named = {_called(name, row): row[name] for name in metrics if name in row}
    question = next((row["doc"][name] for name in QUESTIONS if isinstance(row["doc"].get(name), str)), None)
    for sample, response in enumerate(responses):
        if not isinstance(response, str | None):
            raise DataError(
                f"Document {row['doc_id']} has log-likelihoods and no text; only generated answers can be judged."
            )
        yield Record(
            problem=str(row["doc_id"]),
            response=response_text(response),
            sample=sample,
            row=row["doc"],
            reference=row.get("target"),
            marks={} if several else marks(named),
            shared=figures(named) if several else {},
            question=question,
            place=int(row["doc_id"]),
        )


def _called(metric: str, row: dict[str, Any]) -> str:
    name = row.get("filter", "none")
    return metric if name == "none" else f"{metric},{name}"

"""inspect's logs: `.json`, one object with its samples, or `.eval`, a file per sample."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.recorded.record import Record, mark
from evals.types import FinishReason

_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "max_tokens": "length", "model_length": "length"}


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return ("eval" in row and "samples" in row) or {"id", "epoch", "target", "output"} <= row.keys()


def records(rows: list[dict[str, Any]]) -> Iterator[Record]:
    """A record per sample and epoch; the label is the first scorer's that says right or wrong."""
    for sample in rows[0]["samples"] or [] if "samples" in rows[0] else rows:
        choices = sample["output"].get("choices") or []
        text = _text(choices[0]["message"]["content"]) if choices else ""
        reason = _REASONS.get(choices[0].get("stop_reason", "")) if choices else None
        marks = (mark(score.get("value")) for score in (sample.get("scores") or {}).values())
        target = sample["target"]
        yield Record(
            problem=str(sample["id"]),
            response=text,
            sample=int(sample["epoch"]) - 1,
            row=sample.get("metadata") or None,
            reference=target[0] if isinstance(target, list) and len(target) == 1 else target,
            label=next((found for found in marks if found is not None), None),
            finish_reason=reason,
        )


def _text(content: Any) -> str:
    """The text of a message: a string, or parts of which some are text (reasoning is not)."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if part.get("type") == "text")

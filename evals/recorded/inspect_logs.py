"""inspect's logs: `.json`, one object with its samples, or `.eval`, a file per sample."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.recorded.record import Record, marks
from evals.types import FinishReason

_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "max_tokens": "length", "model_length": "length"}


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return ("eval" in row and "samples" in row) or {"id", "epoch", "target", "output"} <= row.keys()


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record per sample and epoch, marked by each scorer that says right or wrong; none for one that failed."""
    for sample in row["samples"] or [] if "samples" in row else [row]:
        if sample.get("error"):
            continue
        choices = (sample.get("output") or {}).get("choices") or []
        target = sample["target"]
        yield Record(
            problem=str(sample["id"]),
            response=_text(choices[0]["message"]["content"]) if choices else "",
            sample=int(sample["epoch"]) - 1,
            row=sample.get("metadata") or None,
            reference=target[0] if isinstance(target, list) and len(target) == 1 else target,
            marks=marks(_scores(sample.get("scores") or {})),
            finish_reason=_REASONS.get(choices[0].get("stop_reason", "")) if choices else None,
            question=_question(sample.get("input")),
            options=tuple(sample.get("choices") or ()),
        )


def _scores(scores: Mapping[str, Any]) -> dict[str, Any]:
    """Each scorer's value; a scorer of several values is `scorer.value`."""
    made: dict[str, Any] = {}
    for name, score in scores.items():
        value = score.get("value")
        made |= (
            {f"{name}.{key}": part for key, part in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return made


def _question(asked: Any) -> str | None:
    """What was asked: text, or a conversation whose last message is."""
    if isinstance(asked, list) and asked:
        return _text(asked[-1].get("content") or "")
    return asked if isinstance(asked, str) else None


def _text(content: Any) -> str:
    """The text of a message: a string, or parts of which some are text (reasoning is not)."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if part.get("type") == "text")

"""inspect's logs: the samples of `.json`, which is one object, or of `.eval`, which has a file for each."""

from collections.abc import Iterator, Mapping
from typing import Any

from evals.recorded.record import NoResponseError, Record, marks
from evals.types import FinishReason

_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "max_tokens": "length", "model_length": "length"}


def fits(row: dict[str, Any]) -> bool:
    """Whether a row is of this format."""
    return {"id", "epoch", "target", "output"} <= row.keys()


def samples_of(log: Mapping[str, Any]) -> list[Any] | None:
    """The samples of a whole log, `.json`; None for any other object."""
    return log["samples"] or [] if "eval" in log and "samples" in log else None


def records(row: dict[str, Any], number: int) -> Iterator[Record]:
    """A record of a sample, marked by each scorer that says right or wrong. Raises `NoResponseError`."""
    if error := row.get("error"):
        raise NoResponseError(str(error.get("message", "") if isinstance(error, dict) else error))
    choices = (row.get("output") or {}).get("choices") or []
    target = row["target"]
    yield Record(
        problem=str(row["id"]),
        response=_text(choices[0]["message"]["content"]) if choices else "",
        sample=int(row["epoch"]) - 1,
        row=row.get("metadata") or None,
        reference=target[0] if isinstance(target, list) and len(target) == 1 else target,
        marks=marks(_scores(row.get("scores") or {})),
        finish_reason=_REASONS.get(choices[0].get("stop_reason", "")) if choices else None,
        question=_question(row.get("input")),
        options=tuple(row.get("choices") or ()),
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
    return "".join(part.get("text", "") for part in content or [] if part.get("type") == "text")

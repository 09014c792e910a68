"""One saved response, and how a saved mark is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evals.types import FinishReason

_MARKS = {
    "c": True, "correct": True, "true": True, "passed": True, "pass": True, "1": True, "1.0": True, "yes": True,
    "i": False, "incorrect": False, "false": False, "failed": False, "fail": False, "wrong": False, "0": False,
    "0.0": False, "no": False, "n": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A response as somebody saved it.

    `problem` is their id of the problem; `row` the data set's own row, where they kept it; `reference` their
    target; `label` whether they marked it right; each None where the file does not say.
    """

    problem: str
    response: str
    sample: int = 0
    row: Mapping[str, Any] | None = None
    reference: Any = None
    label: bool | None = None
    finish_reason: FinishReason | None = None


def mark(value: Any) -> bool | None:
    """A saved mark as right or wrong; None where it is neither (a partial score, say)."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return None if value not in (0, 1) else bool(value)
    return _MARKS.get(str(value).strip().lower())

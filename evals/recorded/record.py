"""One saved response, and how a saved mark is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evals.types import FinishReason

_MARKS = {
    "c": True, "correct": True, "true": True, "passed": True, "pass": True, "1": True, "1.0": True, "yes": True,
    "right": True,
    "i": False, "incorrect": False, "false": False, "failed": False, "fail": False, "wrong": False, "0": False,
    "0.0": False, "no": False, "n": False, "timeout": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """A response as somebody saved it; each field but the first two is empty where the file does not say.

    `problem` is their id of the problem, `place` its place in the data (from 0) where the file numbers problems,
    `question` its text, and `cluster` its name where the id alone does not tell it from others. `sample` is the number
    of the response among those to it. `row` is the data set's own row, where they kept it, `reference` their target,
    `options` the texts of the choices, by letter or in order. `marks` says by each of their metrics whether the
    response is right; `shared` are figures in [0, 1] that they give to all responses to the problem together, such as
    a majority vote. `is_code` says that the response is a program and nothing else.
    """

    problem: str
    response: str
    sample: int | None = None
    row: Mapping[str, Any] | None = None
    reference: Any = None
    marks: Mapping[str, bool] = field(default_factory=dict)
    shared: Mapping[str, float] = field(default_factory=dict)
    finish_reason: FinishReason | None = None
    question: str | None = None
    options: tuple[str, ...] | Mapping[str, str] = ()
    place: int | None = None
    cluster: str = ""
    is_code: bool = False

    @property
    def name(self) -> str:
        """What the problem is called among all records: two responses to one problem have one name."""
        return self.cluster or self.problem


class NoResponseError(ValueError):
    """A row that holds no response because its request failed; the message says why."""


def response_text(value: Any) -> str:
    """The text of a saved response: empty for null, which a request without an answer leaves.

    Raises `ValueError` for what is no text, such as an object.
    """
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise ValueError(f"{type(value).__name__} and no text")
    return str(value)


def mark(value: Any) -> bool | None:
    """A saved mark as right or wrong; None where it is neither (a partial score, say)."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return None if value not in (0, 1) else bool(value)
    return _MARKS.get(str(value).strip().lower())


def marks(values: Mapping[str, Any]) -> dict[str, bool]:
    """Those of the values that are marks, by their names."""
    read = {name: mark(value) for name, value in values.items()}
    return {name: value for name, value in read.items() if value is not None}


def figures(values: Mapping[str, Any]) -> dict[str, float]:
    """Those of the values that are marks or figures in [0, 1], by their names."""
    partial = {
        name: float(value)
        for name, value in values.items()
        if isinstance(value, int | float) and 0 <= value <= 1
    }
    return {name: float(value) for name, value in marks(values).items()} | partial


def numbered(records: Iterable[Record]) -> Iterator[Record]:
    """The records, each with its number among the responses to its problem.

    Records of one number and one response are one (lm-eval writes a response once for each filter): they become
    one record with the marks of all.
    """
    made: dict[tuple[str, int], Record] = {}
    counted: dict[str, int] = {}
    for record in records:
        sample = counted.get(record.name, 0) if record.sample is None else record.sample
        there = made.get((record.name, sample))
        if there is not None and there.response == record.response:
            made[record.name, sample] = replace(
                there, marks={**there.marks, **record.marks}, shared={**there.shared, **record.shared}
            )
            continue
        if there is not None:
            sample = counted[record.name]
        made[record.name, sample] = replace(record, sample=sample)
        counted[record.name] = max(counted.get(record.name, 0), sample + 1)
    yield from made.values()


def told_apart(records: Iterable[Record]) -> Iterator[Record]:
    """The records, where one id stands for several problems each with a name of its own: `7`, `7#2`, `7#3`.

    An id that has other questions, or without questions other references, stands for other problems: ids often start
    anew with each subject of a file.
    """
    known: dict[str, dict[str, str]] = {}
    for record in records:
        asked = known.setdefault(record.problem, {})
        what = _asked(record)
        number = len(asked) + 1
        name = record.problem if number == 1 else f"{record.problem}#{number}"
        yield replace(record, cluster=asked.setdefault(what, name))


def _asked(record: Record) -> str:
    """What tells the problem from others: its question, whatever the spaces, else its reference."""
    if record.question is not None:
        return " ".join(record.question.split())
    return str(record.reference).strip()

"""Judge responses that others have saved, and set our verdicts beside their marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from evals.benchmarks.spec import Spec
from evals.data import DataError
from evals.judge import judge
from evals.metrics import mean_interval, problem_means
from evals.recorded.record import Record
from evals.types import Interval, Problem
from verifiers import STATUSES, Verdict

BATCH = 2000
"""Responses judged between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """One saved response with the problem that it was judged on and our verdict."""

    record: Record
    problem: Problem
    verdict: Verdict

    @property
    def agrees(self) -> bool | None:
        """Whether our verdict is their mark; None where they made none."""
        return None if self.record.label is None else self.record.label == self.verdict.correct


@dataclass(frozen=True, slots=True)
class Rescore:
    """Our score of a file beside the file's own; intervals are 95 %, clustered by problem.

    `theirs` and `agreement` are over the responses that the file marks, and None where it marks none.
    `only_ours` and `only_theirs` count the responses that one side alone calls right.
    """

    problems: int
    responses: int
    marked: int
    ours: Interval
    theirs: Interval | None
    agreement: float | None
    only_ours: int
    only_theirs: int
    status_shares: Mapping[str, float]


def rescore(
    records: Sequence[Record],
    find: Callable[[Record], Problem],
    workers: int = 0,
    on_progress: Callable[[int], None] | None = None,
) -> list[Rescored]:
    """Judge every record on the problem that `find` finds for it, in order.

    `on_progress` is told how many were judged since. Raises what `find` raises, before anything is judged.
    """
    paired = [(record, find(record)) for record in records]
    made = []
    for batch in _batched(paired, BATCH):
        answers = [(problem, record.response, record.finish_reason) for record, problem in batch]
        for (record, problem), verdict in zip(batch, judge(answers, workers), strict=True):
            made.append(Rescored(record, problem, verdict))
        if on_progress is not None:
            on_progress(len(batch))
    return made


def summarise(rescored: Sequence[Rescored]) -> Rescore:
    """The figures of a file. Raises `ValueError` where it has no response."""
    if not rescored:
        raise ValueError("The file has no response to judge.")
    marked = [one for one in rescored if one.record.label is not None]
    statuses = [one.verdict.status for one in rescored]
    return Rescore(
        problems=len({one.problem.id for one in rescored}),
        responses=len(rescored),
        marked=len(marked),
        ours=_score(rescored, lambda one: one.verdict.correct),
        theirs=_score(marked, lambda one: bool(one.record.label)) if marked else None,
        agreement=sum(bool(one.agrees) for one in marked) / len(marked) if marked else None,
        only_ours=sum(one.verdict.correct and not one.record.label for one in marked),
        only_theirs=sum(bool(one.record.label) and not one.verdict.correct for one in marked),
        status_shares={name: statuses.count(name) / len(statuses) for name in STATUSES},
    )


def finder(spec: Spec, protocol: str | None, problems: Sequence[Problem]) -> Callable[[Record], Problem]:
    """What finds the problem of a record.

    Among `problems` (the benchmark's data, where it is there) by their id, its last part, or its place; else made
    of the data set's row that the record holds; else made of its own reference. Raises `DataError` for a record
    with none of these.
    """
    chosen, part = spec.protocol(protocol), next(iter(spec.sources))
    by_name: dict[str, Problem] = {}
    for number, problem in enumerate(problems):
        for name in (problem.id, problem.id.partition("/")[2], str(number)):
            by_name.setdefault(name, problem)

    def find(record: Record) -> Problem:
        if problems:
            if record.problem not in by_name:
                raise DataError(
                    f"The data of {spec.name} has no problem {record.problem!r}; "
                    "name the data that these outputs are of with --data."
                )
            return by_name[record.problem]
        made = _from_row(record)
        if made is None and record.reference is None:
            raise DataError(
                f"Problem {record.problem!r} comes with neither its row nor a reference; "
                f"give the data of {spec.name} with --data, or name the field with --reference-field."
            )
        return made or from_reference(spec.verifier, record)

    def _from_row(record: Record) -> Problem | None:
        try:
            row = spec.row.model_validate(record.row)
        except ValidationError:
            return None  # not the row as the benchmark has it: its reference may do
        found = spec.problems({part: [row]}, chosen)
        return replace(found[0], id=record.problem) if found else None

    return find


def from_reference(kind: str, record: Record) -> Problem:
    """A problem that is known by its reference alone, judged by the verifier of that kind. Or `DataError`."""
    if record.reference is None:
        raise DataError(
            f"Problem {record.problem!r} has no reference; name its field with --reference-field."
        )
    return Problem(record.problem, (), _plain(kind, record.reference), kind)


def _plain(kind: str, reference: Any) -> Any:
    """The reference as the verifier has it: answers as text, whatever the file's numbers are."""
    return reference if kind in ("code", "instructions", "countdown", "ordering") else str(reference).strip()


def _score(rescored: Sequence[Rescored], right: Callable[[Rescored], bool]) -> Interval:
    table: dict[str, list[float]] = {}
    for one in rescored:
        table.setdefault(one.problem.id, []).append(float(right(one)))
    return mean_interval(problem_means(list(table.values())))


def _batched(rows: Sequence[tuple[Record, Problem]], size: int) -> list[Sequence[tuple[Record, Problem]]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]

"""Judge responses that others have saved, and set our verdicts beside their marks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from evals.benchmarks.spec import Spec
from evals.data import DataError
from evals.judge import judge
from evals.metrics import maj_at_k, mean, mean_interval, pass_at_k, problem_means
from evals.recorded.record import Record
from evals.types import Interval, Problem
from verifiers import STATUSES, Item, Verdict, verify_batch

PROGRAMS = 32
"""Programs judged between two reports of progress."""
AS_IT_IS = ("code", "instructions", "countdown", "ordering")
"""Verifiers whose references are no text."""
WITHOUT_VOTES = ("code", "instructions")
"""Verifiers whose answers are no votes."""
LINE = 20
"""Letters that a line of a question has at least that may tell it from the others."""

Find = Callable[[Record], Problem | None]


@dataclass(frozen=True, slots=True)
class Rescored:
    """One saved response with the problem that it was judged on and our verdict."""

    record: Record
    problem: Problem
    verdict: Verdict

    def agrees(self, name: str) -> bool | None:
        """Whether our verdict is their mark of that name; None where there is none, or ours is no verdict."""
        label = self.record.marks.get(name)
        return None if label is None or self.verdict.status == "error" else label == self.verdict.correct


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the file's marks beside our verdicts on the same `marked` responses.

    `only_ours` and `only_theirs` count the responses that one side alone calls right; verdicts that failed are in
    neither, nor in `agreement`, which is None where all failed.
    """

    marked: int
    theirs: Interval
    ours: Interval
    agreement: float | None
    only_ours: int
    only_theirs: int


@dataclass(frozen=True, slots=True)
class Rescore:
    """Our score of a file beside the file's own; intervals are 95 %, clustered by problem.

    `marks` has each of the file's marks by name. `shared` are figures that the file gives to problems with
    several responses, averaged over problems; `measures` are ours then: pass@k and maj@k.
    """

    problems: int
    responses: int
    ours: Interval
    marks: Mapping[str, Beside]
    shared: Mapping[str, float]
    measures: Mapping[str, float]
    status_shares: Mapping[str, float]


def rescore(
    pairs: Sequence[tuple[Record, Problem]],
    workers: int = 0,
    options: Mapping[str, Any] | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
) -> list[Rescored]:
    """Judge every record on its problem, in order.

    `options` are given to the verifiers, over the problems' own; `on_progress` is told how many were judged since.
    """
    asked = [replace(problem, options={**problem.options, **(options or {})}) for _, problem in pairs]
    programs = [place for place, problem in enumerate(asked) if problem.verifier == "code"]
    others = [place for place, problem in enumerate(asked) if problem.verifier != "code"]
    verdicts: dict[int, Verdict] = {}
    for start in range(0, len(programs), PROGRAMS):
        batch = programs[start : start + PROGRAMS]
        answers = [(asked[place], pairs[place][0].response, pairs[place][0].finish_reason) for place in batch]
        verdicts |= zip(batch, judge(answers), strict=True)
        on_progress(len(batch))
    items = (_item(pairs[place][0], asked[place]) for place in others)
    for place, verdict in zip(others, verify_batch(items, workers), strict=True):
        verdicts[place] = verdict
        on_progress(1)
    return [Rescored(record, asked[place], verdicts[place]) for place, (record, _) in enumerate(pairs)]


def _item(record: Record, problem: Problem) -> Item:
    options = {"finish_reason": record.finish_reason, **problem.options}
    return Item(problem.verifier, record.response, problem.reference, options)


def summarise(rescored: Sequence[Rescored]) -> Rescore:
    """The figures of a file. Raises `ValueError` where it has no response."""
    if not rescored:
        raise ValueError("The file has no response to judge.")
    statuses = [one.verdict.status for one in rescored]
    groups = _by_problem(rescored)
    return Rescore(
        problems=len(groups),
        responses=len(rescored),
        ours=_score(rescored, lambda one: one.verdict.correct),
        marks={name: _beside(rescored, name) for name in mark_names(rescored)},
        shared=_shared(groups),
        measures=_measures(groups),
        status_shares={name: statuses.count(name) / len(statuses) for name in STATUSES},
    )


def mark_names(rescored: Sequence[Rescored]) -> list[str]:
    """The names of the file's marks, in its order."""
    return list(dict.fromkeys(name for one in rescored for name in one.record.marks))


def _beside(rescored: Sequence[Rescored], name: str) -> Beside:
    marked = [one for one in rescored if name in one.record.marks]
    agreed = [one.agrees(name) for one in marked if one.agrees(name) is not None]
    differ = [one for one in marked if one.agrees(name) is False]
    only_ours = sum(one.verdict.correct for one in differ)
    return Beside(
        marked=len(marked),
        theirs=_score(marked, lambda one: one.record.marks[name]),
        ours=_score(marked, lambda one: one.verdict.correct),
        agreement=sum(map(bool, agreed)) / len(agreed) if agreed else None,
        only_ours=only_ours,
        only_theirs=len(differ) - only_ours,
    )


def _shared(groups: Mapping[str, Sequence[Rescored]]) -> dict[str, float]:
    rows = [group[0].record.shared for group in groups.values()]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: mean([row[name] for row in rows if name in row]) for name in names}


def _measures(groups: Mapping[str, Sequence[Rescored]]) -> dict[str, float]:
    """pass@k and maj@k for the k responses that every problem has at least, where that is more than one.

    Votes are counted by the text of the answer; programs and texts that follow instructions have none to count.
    """
    k = min(map(len, groups.values()))
    if k < 2:
        return {}
    outcomes = [[float(one.verdict.correct) for one in group] for group in groups.values()]
    made = {f"pass@{k}": pass_at_k(outcomes, k)}
    if all(group[0].problem.verifier not in WITHOUT_VOTES for group in groups.values()):
        votes = [[(one.verdict.answer, one.verdict.correct) for one in group] for group in groups.values()]
        made[f"maj@{k}"] = maj_at_k(votes, k)
    return made


def _by_problem(rescored: Sequence[Rescored]) -> dict[str, list[Rescored]]:
    groups: dict[str, list[Rescored]] = {}
    for one in rescored:
        groups.setdefault(one.problem.id, []).append(one)
    return groups


def _score(rescored: Sequence[Rescored], right: Callable[[Rescored], bool]) -> Interval:
    table = [[float(right(one)) for one in group] for group in _by_problem(rescored).values()]
    return mean_interval(problem_means(table))


# --- The problem of a record ------------------------------------------------------------------------------


def paired(records: Sequence[Record], find: Find) -> list[tuple[Record, Problem]]:
    """Each record with its problem, those left out that `find` has none for. Raises what `find` raises."""
    found = ((record, find(record)) for record in records)
    return [(record, problem) for record, problem in found if problem is not None]


def finder(spec: Spec, protocol: str | None, problems: Sequence[Problem]) -> Find:
    """What finds the problem of a record.

    Among `problems` (the benchmark's data, where it is there) by their id, its last part, or its place, and else
    by the question's text; None for one that is not there. Without data it is made of the data set's row that the
    record holds (None where the protocol leaves that row out), else of its own reference; `DataError` for a
    record with neither.
    """
    chosen, part = spec.protocol(protocol), next(iter(spec.sources))
    known = _Index(problems)

    def find(record: Record) -> Problem | None:
        if problems:
            return known.find(record)
        if (row := _row(spec, record)) is not None:
            made = spec.problems({part: [row]}, chosen)
            return replace(made[0], id=record.problem) if made else None
        if record.reference is None:
            raise DataError(
                f"Problem {record.problem!r} comes with neither its row nor a reference; "
                f"give the data of {spec.name} with --data, or name the field with --reference-field."
            )
        return from_reference(spec.verifier, record)

    return find


def _row(spec: Spec, record: Record) -> Any:
    try:
        return spec.row.model_validate(record.row)
    except ValidationError:
        return None  # not the row as the benchmark has it: its reference may do


class _Index:
    """Problems by id and by text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._by_name: dict[str, Problem] = {}
        self._by_line: dict[str, list[tuple[str, Problem]]] = {}
        for number, problem in enumerate(problems):
            for name in (problem.id, problem.id.partition("/")[2], str(number)):
                self._by_name.setdefault(name, problem)
            text = _spaced("\n".join(message.content for message in problem.prompt))
            for line in set(_lines(problem)):
                self._by_line.setdefault(line, []).append((text, problem))

    def find(self, record: Record) -> Problem | None:
        """By the question where the file has it: numbers may count something else than the data does."""
        asked = self._asked(record.question) if record.question else None
        return asked or self._by_name.get(record.problem)

    def _asked(self, question: str) -> Problem | None:
        """The problem that has the question whole, or has its longest telling line alone."""
        whole = _spaced(question)
        for line in sorted({_spaced(line) for line in question.split("\n")}, key=len, reverse=True):
            candidates = self._by_line.get(line, [])
            for text, problem in candidates:
                if whole in text or text in whole:
                    return problem
            if len(candidates) == 1:
                return candidates[0][1]
        return None


def _lines(problem: Problem) -> Iterator[str]:
    for message in problem.prompt:
        yield from (_spaced(line) for line in message.content.split("\n") if len(line) >= LINE)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def from_reference(kind: str, record: Record) -> Problem:
    """A problem that is known by its reference alone, judged by the verifier of that kind. Or `DataError`."""
    if record.reference is None:
        raise DataError(
            f"Problem {record.problem!r} has no reference; name its field with --reference-field."
        )
    options = {"options": list(record.options)} if kind == "choice" and record.options else {}
    return Problem(record.problem, (), _plain(kind, record.reference), kind, options=options)


def _plain(kind: str, reference: Any) -> Any:
    """The reference as the verifier has it: answers as text, whatever the file's numbers are."""
    if kind in AS_IT_IS:
        return reference
    if isinstance(reference, list | tuple):
        parts = [_plain(kind, part) for part in reference]
        return parts if kind in ("text", "choice") else ", ".join(parts)
    if isinstance(reference, float) and reference.is_integer():
        reference = int(reference)
    return str(reference).strip()

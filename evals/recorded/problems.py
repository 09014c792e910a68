"""The problem that a saved response is an answer to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from evals.benchmarks.spec import Spec
from evals.data import DataError, Packaged
from evals.figures import AVERAGE
from evals.recorded.record import Record
from evals.types import Measure, Problem
from verifiers import verifier
from verifiers.code import language_called

AS_IT_IS = ("code", "instructions", "countdown", "ordering")
"""Verifiers whose references are no text."""
LINE = 20
"""Letters that a line of a question has at least that may tell it from the others."""

Find = Callable[[Record], Problem | None]


@dataclass(frozen=True, slots=True)
class Basis:
    """What saved responses are judged on.

    `find` finds a record's problem. `measures` and `metric` are those of the benchmark's protocol, as in
    `evals.types.Benchmark`.
    """

    find: Find
    measures: Mapping[str, Measure] = field(default_factory=dict)
    metric: str = AVERAGE


def of_benchmark(spec: Spec, protocol: str | None, data: Path | None, records: Sequence[Record]) -> Basis:
    """A benchmark under a protocol.

    Its data are loaded where they are given, come with a package, or the records cannot do without. Raises
    `ValueError` for a protocol that it does not have, and `DataError`.
    """
    chosen = spec.protocol(protocol)
    packaged = isinstance(next(iter(spec.sources.values())), Packaged)
    needed = any(
        record.row is None and (record.reference is None or not spec.judged_by_reference)
        for record in records
    )
    if not (data is not None or packaged or needed):
        return Basis(finder(spec, protocol, []), spec.measures, chosen.metric)
    benchmark = spec.benchmark(data=data, protocol=protocol, judged_only=True)
    return Basis(finder(spec, protocol, benchmark.load()), benchmark.measures, benchmark.metric)


def of_references(kind: str) -> Basis:
    """The references that the file has, for the verifier of that kind. Raises `ValueError` for an unknown one."""
    verifier(kind)
    return Basis(lambda record: from_reference(kind, record))


def paired(records: Sequence[Record], find: Find) -> list[tuple[Record, Problem]]:
    """Each record with its problem, those left out that `find` has none for. Raises what `find` raises."""
    found = ((record, find(record)) for record in records)
    return [(record, problem) for record, problem in found if problem is not None]


def finder(spec: Spec, protocol: str | None, problems: Sequence[Problem]) -> Find:
    """What finds the problem of a record.

    Among `problems` (the benchmark's data, where it is there) by the question's text, their id or its last part, or
    their place, where the file numbers problems; None for one that is not there. Without data it is made of the
    data set's row that the record holds (None where the protocol leaves that row out), else of its own reference;
    `DataError` for a record with neither.
    """
    known = _Index(problems)

    def find(record: Record) -> Problem | None:
        if problems:
            return known.find(record)
        problem, refused = None, "the file has no row of the data"
        if record.row is not None:
            try:
                problem = spec.problem(record.row, protocol)
                return None if problem is None else replace(problem, id=record.name)
            except DataError as error:  # not the row as the benchmark has it: its reference may do
                refused = str(error).rstrip(".")
        if not spec.judged_by_reference:
            raise DataError(
                f"Problem {record.problem!r} is judged by its row of {spec.name}, which says what kind of question it "
                f"is: {refused}; give the data with --data, or choose a verifier with --kind."
            )
        if record.reference is None:
            raise DataError(
                f"Problem {record.problem!r} comes with neither its row nor a reference ({refused}); "
                f"give the data of {spec.name} with --data, or name the field with --reference-field."
            )
        return from_reference(spec.verifier, record)

    return find


def is_row_of(spec: Spec, protocol: str | None) -> Callable[[Any], bool]:
    """What says whether a document is a row of the benchmark's data."""

    def is_row(row: Any) -> bool:
        try:
            spec.problem(row, protocol)
        except DataError:
            return False
        return True

    return is_row


class _Index:
    """Problems by id, by place and by text."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._problems = problems
        self._texts = {problem.id: _text(problem) for problem in problems}
        self._by_id: dict[str, Problem] = {}
        self._by_end: dict[str, list[Problem]] = {}
        self._by_line: dict[str, list[Problem]] = {}
        for problem in problems:
            for name in (problem.id, problem.id.partition("/")[2]):
                self._by_id.setdefault(name, problem)
            self._by_end.setdefault(problem.id.rpartition("/")[2], []).append(problem)
            for line in set(_lines(problem)):
                self._by_line.setdefault(line, []).append(problem)

    def find(self, record: Record) -> Problem | None:
        """The problem that is asked where the file has the question, else the one that is named.

        A number is no proof beside a question: it may count something else than the data does.
        """
        named = self._named(record)
        if record.question is None or (named is not None and self._asks(named, record.question)):
            return named
        asked = self._asked(record.question)
        if asked is None and record.place is None and not record.problem.isdigit():
            return named
        return asked

    def _named(self, record: Record) -> Problem | None:
        if record.place is None:
            return self._by_id.get(record.problem) or self._by_end_of_id(record)
        return self._problems[record.place] if 0 <= record.place < len(self._problems) else None

    def _by_end_of_id(self, record: Record) -> Problem | None:
        """The one problem whose id ends so, in the language of the record's row where several do."""
        candidates = self._by_end.get(record.problem, [])
        if len(candidates) > 1:
            language = language_called(str((record.row or {}).get("language", "")))
            candidates = [problem for problem in candidates if problem.tags.get("language") == language]
        return candidates[0] if len(candidates) == 1 else None

    def _asks(self, problem: Problem, question: str) -> bool:
        """Whether one of the two texts has the other in it, whatever the spaces."""
        whole, text = _spaced(question), self._texts[problem.id]
        return bool(whole) and (whole in text or text in whole)

    def _asked(self, question: str) -> Problem | None:
        """The one problem that has the question whole, or else has a telling line of it alone."""
        lines = {_spaced(line) for line in question.split("\n")}
        rarest = sorted(lines, key=lambda line: (len(self._by_line.get(line, ())), -len(line), line))
        for line in rarest:
            candidates = self._by_line.get(line, [])
            whole = [problem for problem in candidates if self._asks(problem, question)]
            if whole:
                same = len({(self._texts[one.id], str(one.reference)) for one in whole}) == 1
                return whole[0] if same else None
            if len(candidates) == 1 and len(line) >= LINE:
                return candidates[0]
        return None


def _lines(problem: Problem) -> Iterator[str]:
    for message in problem.prompt:
        yield from filter(None, map(_spaced, message.content.split("\n")))


def _text(problem: Problem) -> str:
    return _spaced("\n".join(message.content for message in problem.prompt))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def from_reference(kind: str, record: Record) -> Problem:
    """A problem that is known by its reference alone, judged by the verifier of that kind. Or `DataError`."""
    if record.reference is None:
        raise DataError(
            f"Problem {record.problem!r} has no reference; name its field with --reference-field."
        )
    reference = _plain(kind, record.reference)
    if kind != "choice" or not record.options:
        return Problem(record.name, (), reference, kind)
    return Problem(
        record.name,
        (),
        _as_letter(reference, record.options),
        kind,
        options={
            "options": dict(record.options) if isinstance(record.options, Mapping) else list(record.options)
        },
    )


def _as_letter(reference: Any, options: Sequence[str] | Mapping[str, str]) -> Any:
    """The letter of the one option whose text the reference is; any other reference as it is."""
    keyed = options if isinstance(options, Mapping) else dict(zip(ascii_uppercase, options, strict=False))
    keys = [key for key, text in keyed.items() if str(text).strip() == reference]
    return keys[0] if reference not in keyed and len(keys) == 1 else reference


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

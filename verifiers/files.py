"""Judge files of answers: rows in, verdicts out, streaming."""

import itertools
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verifiers import KINDS
from verifiers.batch import Item, verify_batch
from verifiers.options import check_options
from verifiers.sinks import writing
from verifiers.sources import STANDARD_INPUT, RawRow, read_raw
from verifiers.summary import UNDECIDED, Summary
from verifiers.verdict import Verdict

PARALLEL_FROM = 500
"""Rows from which a file is worth worker processes, which take a while to start."""

_LABELS = {
    "true": True, "1": True, "correct": True, "right": True, "yes": True,
    "false": False, "0": False, "incorrect": False, "wrong": False, "no": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of a row are called; `a.b` is the field `b` of the object `a`.

    A row may lack `label` and `kind` where they are None here, and stand for fields of these names.
    """

    response: str = "response"
    reference: str = "reference"
    label: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number from 1, the item to judge, and its label if it has one.

    `share` is how much of the file has been read, from 0 to 1; None where that is not known.
    """

    line: int
    item: Item
    label: bool | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A file to judge: where it is, how to read it, where to write the verdicts, if anywhere.

    `kind` and `options` hold for rows that do not say otherwise. `workers` None takes one process per core for
    a file of 500 rows or more, and none for a shorter one or standard input (`-`). `shown` is the number of
    disagreements that the summary keeps.
    """

    path: str
    kind: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    fields: Fields = Fields()
    workers: int | None = None
    out: str | None = None
    shown: int = 20


def run(job: Job, tell: Callable[[Row, Verdict], None]) -> Summary:
    """Judge a file, `tell` each verdict as it is known, and write all of them to `job.out`, if given.

    Raises `ValueError` for a row that cannot be judged, naming its line, and `OSError` for a file; neither
    then nor when interrupted is a part of `job.out` left.
    """
    if job.out is not None and job.path != STANDARD_INPUT and _same_file(job.path, job.out):
        raise ValueError(f"{job.out} is the file to judge; write the verdicts to another.")
    summary = Summary(job.shown)
    with ExitStack() as stack:
        write = stack.enter_context(writing(job.out)) if job.out is not None else None
        for row, verdict in stack.enter_context(closing(judge_file(job))):
            summary.add(row.line, row.label, row.item.reference, verdict)
            if write is not None:
                write(record(row, verdict))
            tell(row, verdict)
    return summary


def judge_file(job: Job) -> Generator[tuple[Row, Verdict], None, None]:
    """Each row of the file with its verdict, in order, streaming; see `run`."""
    if job.workers is not None and job.workers < 0:
        raise ValueError(f"The number of workers is {job.workers}; it must be 0 or more.")
    rows: deque[Row] = deque()
    source, workers = read_rows(job), job.workers
    if workers is None:
        source, workers = _chosen_workers(source, job.path)

    def items() -> Iterator[Item]:
        for row in source:
            rows.append(row)
            yield row.item

    for verdict in verify_batch(items(), workers):
        yield rows.popleft(), verdict


def read_rows(job: Job) -> Iterator[Row]:
    """The rows of the file, ready to judge. Raises as `run` does."""
    if job.kind is not None and job.kind not in KINDS:
        raise ValueError(f"There is no verifier {job.kind!r}; the kinds are {', '.join(KINDS)}.")
    if job.kind is not None:
        check_options(job.kind, job.options)
    for raw in read_raw(job.path):
        try:
            yield _row(raw, job)
        except ValueError as error:
            raise ValueError(f"Line {raw.line}: {error}") from None


def record(row: Row, verdict: Verdict) -> dict[str, Any]:
    """What is written of a verdict: the row's line, reference and label, whether that agrees, and the verdict.

    `agrees` is None where the verifier failed: that says nothing about the answer.
    """
    decided = verdict.status not in UNDECIDED
    agrees = row.label == verdict.correct if decided else None
    labels = {} if row.label is None else {"label": row.label, "agrees": agrees}
    return {"line": row.line, **labels, "reference": row.item.reference} | {
        "status": verdict.status,
        "score": verdict.score,
        "answer": verdict.answer,
        "layer": verdict.layer,
        "reason": verdict.reason,
        "verifier": verdict.verifier,
        "version": verdict.version,
        "policy": verdict.policy,
        "seconds": verdict.seconds,
    }


def _chosen_workers(source: Iterator[Row], path: str) -> tuple[Iterator[Row], int]:
    """The rows, and how many processes they are worth: one per core from `PARALLEL_FROM` rows on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if path == STANDARD_INPUT or cores < 2:
        return source, 0
    first: list[Row] = []
    failure: ValueError | None = None
    try:
        first.extend(itertools.islice(source, PARALLEL_FROM))
    except ValueError as error:  # of the row behind those that `first` now has: their verdicts come before it
        failure = error

    def rows() -> Iterator[Row]:
        yield from first
        if failure is not None:
            raise failure
        yield from source

    return rows(), cores if len(first) == PARALLEL_FROM else 0


def _row(raw: RawRow, job: Job) -> Row:
    response = _value(raw.fields, job.fields.response)
    if not isinstance(response, str):
        raise ValueError(f"`{job.fields.response}` is {type(response).__name__}, not text.")
    kind = _value(raw.fields, job.fields.kind) if job.fields.kind else raw.fields.get("kind")
    kind = job.kind if kind is None else kind
    if kind is None:
        raise ValueError("no kind is given; say --kind, or name it in the row.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"the kind is {kind!r}; it must be one of {', '.join(KINDS)}.")
    reference = _value(raw.fields, job.fields.reference)
    label = _value(raw.fields, job.fields.label) if job.fields.label else raw.fields.get("label")
    name = job.fields.label or "label"
    return Row(
        raw.line,
        Item(kind, response, reference, _options(raw.fields, kind, job)),
        _label(label, name),
        raw.share,
    )


def field_at(fields: Mapping[str, Any], name: str) -> Any:
    """The field `name`, or for `a.b` the field `b` of `a`. Raises `LookupError` where there is none."""
    if name in fields:
        return fields[name]
    value: Any = fields
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            raise LookupError(name)
        value = value[part]
    return value


def _value(fields: Mapping[str, Any], name: str) -> Any:
    """As `field_at`. Raises `ValueError` that says what the row has."""
    try:
        return field_at(fields, name)
    except LookupError:
        there = ", ".join(f"`{other}`" for other in list(fields)[:12])
        raise ValueError(f"there is no `{name}`; the row has {there or 'no fields'}.") from None


def _options(fields: Mapping[str, Any], kind: str, job: Job) -> Mapping[str, Any]:
    own = fields.get("options")
    finish = fields.get("finish_reason")
    if own is None and finish is None:
        if kind != job.kind:
            check_options(kind, job.options)
        return job.options
    if own is not None and not isinstance(own, dict):
        raise ValueError("`options` is not an object.")
    # A Parquet file fills the fields that a row does not have with nulls.
    options = {**job.options, **{name: value for name, value in (own or {}).items() if value is not None}}
    if finish is not None:
        options["finish_reason"] = finish
    check_options(kind, options)
    return options


def _label(label: Any, name: str) -> bool | None:
    if label is None:
        return None
    known = label if isinstance(label, bool) else _LABELS.get(str(label).strip().lower().removesuffix(".0"))
    if known is None:
        raise ValueError(f"`{name}` is {label!r}; it must be true or false.")
    return known


def _same_file(path: str, out: str) -> bool:
    return Path(out).exists() and Path(path).exists() and Path(path).samefile(out)

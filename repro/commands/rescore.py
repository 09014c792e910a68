"""`repro rescore`: judge the outputs that others have saved."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, folded, note, print_json, print_table
from repro.errors import FAILED, InputError, bad_input

if TYPE_CHECKING:
    from evals.recorded import Fields, Outputs, Record
    from evals.recorded.problems import Basis
    from evals.rescore import Rescore, Rescored

SHOWN_LETTERS = 300
PARALLEL_FROM = 500
"""Responses from which more worker processes than one, which take a while to start, are worth it."""


class Take(StrEnum):
    """Which of several answers that a response states counts."""

    LAST = "last"
    FIRST = "first"


def rescore_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="Saved outputs: JSONL, JSON, Parquet, CSV, .eval or .zip; or a directory of them.",
            metavar="FILE",
        ),
    ],
    benchmark: Annotated[
        str | None, typer.Option(metavar="NAME", help="The benchmark that they are of.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="NAME", help="Instead: the verifier, where the file has references.")
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The file's format, one of docs/benchmarks.md; else by its fields."
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The benchmark's data: a file or a directory.")
    ] = None,
    protocol: Annotated[str | None, typer.Option(metavar="NAME", help="The benchmark's protocol.")] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="An option of its verifiers, as fallback=last_number."),
    ] = None,
    response_field: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where responses are; a.b nests.")
    ] = None,
    id_field: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where the problem's id or its text is.")
    ] = None,
    reference_field: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where references are.")
    ] = None,
    label_field: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="Where marks are; of a known format: the metric, filter or scorer."
        ),
    ] = None,
    answer_field: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Instead of marks: where the answer is that they extracted."),
    ] = None,
    options_field: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Where the texts of the choices are, for choice.")
    ] = None,
    stop: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help=r"A response ends before this text (\n is a line break); more than one may be given.",
        ),
    ] = None,
    take: Annotated[
        Take | None,
        typer.Option(metavar="WHICH", help="Which stated answer counts: last or first (default: last)."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Judge the first N responses only.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Worker processes.",
            show_default="one per core from 500 responses on",
        ),
    ] = None,
    show: Annotated[
        int, typer.Option(min=0, metavar="N", help="Disagreements to print; --out has all.")
    ] = 20,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Every response with its verdict, as JSON lines.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge anyone's saved model outputs; our score beside theirs."""
    if (benchmark is None) == (kind is None):
        raise InputError("Give --benchmark, or --kind where the file has references.")
    if out is not None and out.exists() and file.exists() and out.samefile(file):
        raise InputError(f"{out} is the file to judge; write the verdicts to another.")
    with bad_input():
        from evals.recorded import read
        from evals.recorded.problems import paired
        from evals.rescore import rescore, summarise, warnings
        from verifiers.command import parse_options

        options = parse_options(option or []) | ({} if take is None else {"take": take.value})
        named = _fields(
            format, response_field, id_field, reference_field, label_field, answer_field, options_field
        )
        outputs = read(file, format, named, response_field if named is None else None)
        if benchmark is not None:
            outputs = _of_benchmark(benchmark, protocol, outputs)
        every = outputs.records
        records = every[:limit]
        basis = _basis(benchmark, kind, protocol, data, records)
        pairs = paired(records, basis.find)
        left_out = len(records) - len(pairs)
        if not pairs:
            raise InputError(
                f"None of the problems of {file} is in the data of {benchmark}, "
                f"as {_short(records[0].problem)!r} is not; "
                "name the data and the protocol that these outputs are of with --data and --protocol."
            )
        with _progress(len(pairs)) as advance:
            rescored = rescore(pairs, _workers(workers, len(pairs)), options, advance, _stops(stop or []))
        summary = summarise(rescored, basis.measures, basis.metric)
        first = _first_mark(summary, label_field if named is None else None)
    if out is not None:
        _write(out, rescored, first)
    missing = [name for name in basis.measures if name not in summary.measures]
    for text in (
        *outputs.notes,
        *_notes(rescored, left_out, benchmark, limit, len(every), missing),
        *warnings(rescored),
    ):
        note(text)
    if as_json:
        about = {"file": str(file), "format": outputs.format, "benchmark": benchmark, "kind": kind}
        print_json({**about, "left_out": left_out, "mark": first, **asdict(summary)})
    else:
        _show(file, benchmark or kind or "", summary)
        if first is not None:
            _show_disagreements(rescored, first, show)
    if summary.status_shares["error"] == 1:
        raise typer.Exit(FAILED)


def _of_benchmark(name: str, protocol: str | None, outputs: "Outputs") -> "Outputs":
    """Of a directory with outputs of several tasks, those of the benchmark."""
    from evals.benchmarks import SPECS
    from evals.recorded.merge import of_benchmark
    from evals.recorded.problems import is_row_of

    if name not in SPECS:
        raise InputError(f"There is no public benchmark {name!r}; choose from {', '.join(SPECS)}.")
    files, notes = of_benchmark(outputs.files, name, is_row_of(SPECS[name], protocol))
    return replace(outputs, files=tuple(files), notes=(*outputs.notes, *notes))


def _stops(texts: Sequence[str]) -> list[str]:
    if not all(texts):
        raise InputError(
            "An empty --stop would end every response at once; give the text that ends a response."
        )
    return [text.replace("\\n", "\n") for text in texts]


def _fields(
    format: str | None,
    response: str | None,
    problem: str | None,
    reference: str | None,
    label: str | None,
    answer: str | None,
    options: str | None,
) -> "Fields | None":
    from evals.recorded import Fields

    if response is None:
        if problem or reference or answer or options:
            raise InputError("Where you name fields, name that of the responses too, with --response-field.")
        return None
    if format is not None:
        if problem or reference or answer or options:
            raise InputError(
                "Give --format, which may have --response-field alone with it, or name the fields."
            )
        return None
    if answer is not None and reference is None:
        raise InputError("--answer-field is compared with references; name those with --reference-field.")
    return Fields(response, problem, reference, label, answer, options=options)


def _basis(
    benchmark: str | None,
    kind: str | None,
    protocol: str | None,
    data: Path | None,
    records: "Sequence[Record]",
) -> "Basis":
    from evals.benchmarks import SPECS
    from evals.recorded.problems import of_benchmark, of_references
    from evals.vote import PROTOCOL

    if benchmark is None:
        return of_references(kind or "")
    if protocol == PROTOCOL:
        raise InputError(
            f"The protocol {protocol} votes by tests that the model writes, which saved outputs have not; "
            f"name another protocol of {benchmark}."
        )
    return of_benchmark(SPECS[benchmark], protocol, data, records)


def _workers(asked: int | None, responses: int) -> int:
    if asked is not None:
        return asked
    return len(os.sched_getaffinity(0)) if responses >= PARALLEL_FROM else 1


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("judge"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bars:
        task = bars.add_task("judge", total=total)
        yield lambda count: bars.advance(task, count)


def _first_mark(summary: "Rescore", asked: str | None) -> str | None:
    """The mark that disagreements are listed for: the one asked for, by its name or a part of it, or the first."""
    if asked is None:
        return next(iter(summary.marks), None)
    found = next((name for name in summary.marks if asked == name or asked in name.split(",")), None)
    if found is None:
        known = ", ".join(summary.marks) or "none for single responses"
        raise InputError(f"The file has no marks {asked!r}; it has {known}.")
    return found


def _notes(
    rescored: "Sequence[Rescored]",
    left_out: int,
    benchmark: str | None,
    limit: int | None,
    responses: int,
    missing: Sequence[str],
) -> Iterator[str]:
    from evals.recorded.json_answers import json_answer
    from evals.rescore import MANY_ERRORS, OF_ANSWERS

    if limit is not None and limit < responses:
        yield f"The first {limit:,} of {responses:,} responses."
    if left_out:
        yield f"{left_out:,} responses are left out: their problems are not in the data and protocol of {benchmark}."
    if missing:
        yield (
            f"Left out of {benchmark}'s figures: {', '.join(missing)}. They need all problems whole, with references "
            "that can be judged by; give the data with --data."
        )
    in_json = sum(
        one.problem.verifier in OF_ANSWERS and json_answer(one.record.response) is not None
        for one in rescored
    )
    if in_json:
        yield f"{in_json:,} responses are JSON objects; the `answer` in each is judged."
    failed = [one for one in rescored if one.verdict.status == "error"]
    if 0 < len(failed) <= MANY_ERRORS * len(rescored):
        first = failed[0]
        yield (
            f"{len(failed):,} responses could not be judged and count as wrong, "
            f"the first to {_short(first.record.name)}: {first.verdict.reason}"
        )


def _write(out: Path, rescored: "Sequence[Rescored]", mark: str | None) -> None:
    from evals.files import atomic_write_text

    lines = (json.dumps(_row(one, mark), ensure_ascii=False) + "\n" for one in rescored)
    atomic_write_text(out, "".join(lines))


def _row(one: "Rescored", mark: str | None) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "problem": one.record.name,
        "sample": one.record.sample,
        "response": one.record.response,
        "reference": one.problem.reference,
        "marks": dict(one.record.marks),
        "status": verdict.status,
        "answer": verdict.answer,
        "layer": verdict.layer,
        "reason": verdict.reason,
        "agrees": None if mark is None else one.agrees(mark),
    }


def _show(file: Path, name: str, summary: "Rescore") -> None:
    from reports.text import EMPTY, bounds, count, figure_text, percent

    def row(what: str, value: Any, agreement: str, ours: str, theirs: str) -> tuple[str, ...]:
        score = percent(value.value), bounds(percent(value.low), percent(value.high))
        return what, *score, agreement, ours, theirs

    rows = [row("ours", summary.ours, "", "", "")]
    for mark, beside in summary.marks.items():
        agreement = EMPTY if beside.agreement is None else percent(beside.agreement)
        counts = count(beside.only_ours), count(beside.only_theirs)
        missing = beside.marked < summary.responses
        what = f"file: {mark}" + (f" ({count(beside.marked)} marked)" if missing else "")
        rows.append(row(folded(what), beside.theirs, agreement, *counts))
    rows += [
        (folded(f"file: {mark}, per problem"), percent(value), "", "", "", "")
        for mark, value in summary.shared.items()
    ]
    title = (
        f"{file.name} on {name}: {count(summary.responses)} responses to {count(summary.problems)} problems"
    )
    heads = [("accuracy %", "right"), ("95 %", "right"), ("agree %", "right")]
    print_table(title, [("score", "name"), *heads, ("only ours", "right"), ("only file", "right")], rows)
    shares = ", ".join(
        f"{name.replace('_', ' ')} {percent(share)} %"
        for name, share in summary.status_shares.items()
        if share
    )
    if summary.metric in summary.measures:
        figure = summary.measures[summary.metric]
        print(f"Ours as its protocol publishes it, {summary.metric}: {figure_text(figure)}")
    for measure, figure in summary.measures.items():
        if measure != summary.metric:
            print(f"Ours, {measure}: {figure_text(figure)}")
    print(f"Verdicts: {shares}.")


def _show_disagreements(rescored: "Sequence[Rescored]", mark: str, show: int) -> None:
    differ = [one for one in rescored if one.agrees(mark) is False]
    for one in differ[:show]:
        theirs = "right" if one.record.marks[mark] else "wrong"
        reference = one.problem.reference
        shown = reference if isinstance(reference, str) else json.dumps(reference, ensure_ascii=False)
        print(
            f"\nProblem {_short(one.record.name)}, sample {one.record.sample}: {theirs} for the file ({mark}), "
            f"{one.verdict.status} for us. {_short(one.verdict.reason)}\n"
            f"  reference  {_short(shown)}\n"
            f"  answer     {_short(one.verdict.answer or '–')}\n"
            f"  response   {_tail(one.record.response)}"
        )
    if len(differ) > show:
        note(f"{len(differ) - show:,} more disagreements; --show N prints more, --out FILE has all.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_LETTERS else line[: SHOWN_LETTERS - 1] + "…"


def _tail(text: str) -> str:
    line = " ".join(text[-4 * SHOWN_LETTERS :].split())
    return line if len(line) <= SHOWN_LETTERS else "…" + line[-SHOWN_LETTERS:]

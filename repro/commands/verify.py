"""`repro verify`: use a verifier by itself."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from repro.commands.output import Json, note, print_json
from repro.errors import InputError, bad_input
from verifiers import KINDS, Verdict
from verifiers import verify as judge
from verifiers.command import drop_output, parse_options, parse_reference, shows_progress
from verifiers.files import Fields, Job, Row, record, run
from verifiers.options import check_options
from verifiers.sinks import json_line

Tell = Callable[[Row, Verdict], None]

KindName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=f"One of {', '.join(KINDS)}; for a file, where a row names none."),
]
Response = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="The whole response with the answer; - reads standard input."),
]
Reference = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The reference: text, or a JSON object or list.")
]
Option = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the verifier; may be repeated.")
]
File = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", help="Rows to judge: JSON lines (also .gz, or - for standard input) or Parquet."
    ),
]
Out = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="Write all verdicts there: JSON lines (also .gz) or Parquet."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="Processes that judge a file; 0 uses this one.",
        show_default="one per core from 500 rows on",
    ),
]
ResponseField = Annotated[
    str, typer.Option(metavar="NAME", help="The field of a row with the response; a.b nests.")
]
ReferenceField = Annotated[str, typer.Option(metavar="NAME", help="The field with the reference.")]
LabelField = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="The field that says whether the answer is right.", show_default="label"
    ),
]
KindField = Annotated[
    str | None, typer.Option(metavar="NAME", help="The field with the kind of answer.", show_default="kind")
]
Show = Annotated[int, typer.Option(min=0, metavar="N", help="How many disagreements with labels to list.")]


def verify(
    kind: KindName = None,
    response: Response = None,
    reference: Reference = None,
    option: Option = None,
    file: File = None,
    out: Out = None,
    workers: Workers = None,
    response_field: ResponseField = "response",
    reference_field: ReferenceField = "reference",
    label_field: LabelField = None,
    kind_field: KindField = None,
    show: Show = 20,
    as_json: Json = False,
) -> None:
    """Judge one answer, or a file of them, with a verifier."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"There is no verifier {kind!r}; choose from {', '.join(KINDS)}.")
    with bad_input():
        options = parse_options(option or [])
    if file is not None:
        if response is not None or reference is not None:
            raise InputError("Give --file, or --response with --reference, not both.")
        fields = Fields(response_field, reference_field, label_field, kind_field)
        _judge_file(Job(file, kind, options, fields, workers, out, show), as_json)
        return
    if kind is None or response is None or reference is None:
        raise InputError("Give --file, or --kind with --response and --reference.")
    with bad_input():
        check_options(kind, options)
        text = sys.stdin.read() if response == "-" else response
        verdict = judge(kind, text, parse_reference(kind, reference), **options)
    print(json_line(verdict.to_dict()) if as_json else _line(verdict))


def _judge_file(job: Job, as_json: bool) -> None:
    """Judge a file and print its summary: behind the verdicts or, where `--out` has those, alone."""
    with _quiet_pipe():
        with _progress(job) as advance, bad_input():
            summary = run(job, _teller(job, as_json, advance))
        if job.out is None and as_json:
            note(json_line(summary.to_dict()))
        elif as_json:
            print_json(summary.to_dict())
        else:
            print(summary.text() if job.out is not None else f"\n{summary.text()}")
        sys.stdout.flush()


def _teller(job: Job, as_json: bool, advance: Callable[[Row], None]) -> Tell:
    def tell(row: Row, verdict: Verdict) -> None:
        if job.out is None:
            line = json_line(record(row, verdict)) if as_json else f"line {row.line}: {_line(verdict)}"
            print(line, flush=sys.stdout.isatty())
        advance(row)

    return tell


@contextmanager
def _progress(job: Job) -> Iterator[Callable[[Row], None]]:
    """A bar on standard error, where that is a terminal on which no verdicts are printed."""
    if not shows_progress(job.out):
        yield lambda row: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    counted = TextColumn("{task.fields[answers]:,} answers, {task.fields[rate]:,.0f}/s")
    bar = Progress(BarColumn(), counted, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task("judge", total=None, answers=0, rate=0.0)
        answers = 0

        def advance(row: Row) -> None:
            nonlocal answers
            answers += 1
            if answers % 64 and row.share != 1.0:
                return
            rate = answers / max(bar.tasks[0].elapsed or 0.0, 1e-9)
            total = None if row.share is None else 1.0
            bar.update(task, total=total, completed=row.share, answers=answers, rate=rate)

        yield advance


@contextmanager
def _quiet_pipe() -> Iterator[None]:
    """End quietly where the reader of standard output has ended."""
    try:
        yield
    except BrokenPipeError:
        drop_output()


def _line(verdict: Verdict) -> str:
    """A verdict for a reader."""
    answer = "" if verdict.answer is None else f" ({' '.join(verdict.answer.split())})"
    return f"{verdict.status.replace('_', ' ')}{answer}: {verdict.reason}"

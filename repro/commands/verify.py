"""`repro verify`: use a verifier by itself."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from repro.commands.output import Json, note
from repro.errors import InputError, bad_input
from verifiers import KINDS, Verdict
from verifiers import verify as judge
from verifiers.files import Summary, judge_file

STRUCTURED = ("countdown", "ordering")
"""Kinds whose references are JSON, not text."""


def verify(
    kind: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"One of {', '.join(KINDS)}; for a file, where a row names none."),
    ] = None,
    response: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The whole response with the answer; - reads standard input."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The reference: text, or JSON for countdown and ordering."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="JSON lines with response, reference and optionally kind and label."
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, metavar="N", help="Worker processes that judge a file; 0 uses this one.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Judge one answer, or a file of them, with a verifier."""
    if kind is not None and kind not in KINDS:
        raise InputError(f"There is no verifier {kind!r}; choose from {', '.join(KINDS)}.")
    if file is not None:
        if response is not None or reference is not None:
            raise InputError("Give --file, or --response with --reference, not both.")
        _judge_file(file, kind, workers, as_json)
        return
    if kind is None or response is None or reference is None:
        raise InputError("Give --file, or --kind with --response and --reference.")
    with bad_input():
        text = sys.stdin.read() if response == "-" else response
        verdict = judge(kind, text, parsed(kind, reference))
    print(json.dumps(verdict.to_dict()) if as_json else _line(verdict))


def parsed(kind: str, reference: str) -> Any:
    """A reference as given on the command line. Raises `InputError` where it should be JSON and is not."""
    if kind not in STRUCTURED:
        return reference
    try:
        return json.loads(reference)
    except ValueError:
        raise InputError(f"The reference of a {kind} answer is JSON; {reference[:200]!r} is not.") from None


def _judge_file(path: Path, kind: str | None, workers: int, as_json: bool) -> None:
    """Print each verdict as soon as it is there, then how many there are of each status."""
    summary = Summary()
    verdicts = judge_file(path, kind, workers)
    while True:
        with bad_input():
            judged = next(verdicts, None)
        if judged is None:
            break
        row, verdict = judged
        summary.add(row, verdict)
        if as_json:
            label = {} if row.label is None else {"label": row.label}
            print(json.dumps({"line": row.line, **label, **verdict.to_dict()}), flush=True)
        else:
            print(f"line {row.line}: {_line(verdict)}", flush=True)
    if as_json:
        note(summary.text())
    else:
        print(f"\n{summary.text()}")


def _line(verdict: Verdict) -> str:
    """A verdict for a reader."""
    answer = "" if verdict.answer is None else f" ({' '.join(verdict.answer.split())})"
    return f"{verdict.status.replace('_', ' ')}{answer}: {verdict.reason}"

"""`python -m verifiers`: judge one answer, or a file of them."""

import argparse
import json
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from time import monotonic
from typing import Any, TextIO

from verifiers import KINDS, Verdict, verify
from verifiers.command import drop_output, parse_options, parse_reference, shows_progress
from verifiers.files import Fields, Job, Row, record, run
from verifiers.options import check_options
from verifiers.sinks import json_line

PROGRESS_SECONDS = 0.5
"""How often the line of progress is renewed."""
STOPPED = 130

DESCRIPTION = """Judge answers. One answer: its verdict as JSON. A file: one JSON verdict a line on standard output
and a summary on standard error or, with --out, verdicts in that file and the summary on standard output."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, 2 for bad input, or 130 when stopped."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        if options.file is not None:
            _judge_file(options)
        else:
            _judge_one(options)
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()
    except KeyboardInterrupt:
        print("verifiers: stopped.", file=sys.stderr)
        return STOPPED
    except (ValueError, OSError, ImportError) as error:
        print(f"verifiers: {_sentence(error)}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # a full disk: the interpreter would try again as it ends, and fail with a traceback
            drop_output()
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m verifiers", description=DESCRIPTION)
    add = parser.add_argument
    add("--kind", choices=list(KINDS), help="the kind of answer (for a file: where a row names none)")
    add("--response", help="the whole response that holds the answer; - reads standard input")
    add("--reference", help="the reference: text, or a JSON object or list")
    add("--option", action="append", default=[], metavar="NAME=VALUE", help="an option of the verifier")
    add("--file", help="rows to judge: JSON lines (also .gz, or - for standard input) or Parquet")
    add("--out", metavar="FILE", help="write the verdicts of --file there: JSON lines (also .gz) or Parquet")
    add("--workers", type=int, help="processes that judge a file (default: one per core from 500 rows on)")
    for name in ("response", "reference"):
        add(
            f"--{name}-field",
            default=name,
            metavar="NAME",
            help=f"the field of a row with the {name}; a.b nests",
        )
    add(
        "--label-field",
        metavar="NAME",
        help="the field that says whether the answer is right (default: label)",
    )
    add("--kind-field", metavar="NAME", help="the field with the kind of answer (default: kind)")
    add("--show", type=int, default=20, metavar="N", help="disagreements with labels to list (default: 20)")
    add("--json", action="store_true", help="the summary of a file as JSON")
    return parser


def _judge_one(options: argparse.Namespace) -> None:
    if options.kind is None or options.response is None or options.reference is None:
        raise ValueError("Give --file, or --kind with --response and --reference.")
    chosen = parse_options(options.option)
    check_options(options.kind, chosen)
    response = sys.stdin.read() if options.response == "-" else options.response
    verdict = verify(options.kind, response, parse_reference(options.kind, options.reference), **chosen)
    print(json_line(verdict.to_dict()))


def _judge_file(options: argparse.Namespace) -> None:
    if options.response is not None or options.reference is not None:
        raise ValueError("Give --file, or --response with --reference, not both.")
    job = Job(
        path=options.file,
        kind=options.kind,
        options=parse_options(options.option),
        fields=Fields(
            options.response_field, options.reference_field, options.label_field, options.kind_field
        ),
        workers=options.workers,
        out=options.out,
        shown=max(0, options.show),
    )
    progress = Progress(sys.stderr) if shows_progress(job.out) else None
    try:
        summary = run(job, _teller(job, progress))
    finally:
        if progress is not None:
            progress.clear()
    text = json.dumps(summary.to_dict(), default=str) if options.json else summary.text()
    print(text, file=sys.stdout if job.out is not None else sys.stderr)


def _teller(job: Job, progress: "Progress | None") -> Callable[[Row, Verdict], None]:
    def tell(row: Row, verdict: Verdict) -> None:
        if job.out is None:
            print(json_line(record(row, verdict)))
        if progress is not None:
            progress.count(row.share)

    return tell


class Progress:
    """A line on a terminal that counts answers."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._start = self._shown = monotonic()
        self._done = 0

    def count(self, share: float | None) -> None:
        """One more answer; `share` of the file has been read."""
        self._done += 1
        now = monotonic()
        if now - self._shown < PROGRESS_SECONDS:
            return
        self._shown = now
        rate = self._done / (now - self._start)
        part = "" if share is None else f", {share:.0%} of the file"
        self._stream.write(f"\r\x1b[K{self._done:,} answers, {rate:,.0f}/s{part}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away."""
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return " ".join(str(error).split())


def _end(*_: Any) -> None:
    raise SystemExit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)  # so that nothing half written is left
    sys.exit(main())

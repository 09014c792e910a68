"""`python -m verifiers`: judge one answer, or a file of them."""

import argparse
import json
import os
import sys
from typing import Any

from verifiers import KINDS, Verdict, verify
from verifiers.files import Summary, judge_file


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0, or 2 for bad input."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.file is not None:
            _judge_file(options.file, options.kind, options.workers)
        else:
            _judge_one(options.kind, options.response, options.reference)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError) as error:
        print(f"verifiers: {_sentence(error)}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m verifiers",
        description="Judge answers: one JSON verdict per line; a summary of a file goes to standard error.",
    )
    parser.add_argument(
        "--kind", choices=list(KINDS), help="the kind of answer (for a file: where a row names none)"
    )
    parser.add_argument("--response", help="the whole response that holds the answer; - reads standard input")
    parser.add_argument("--reference", help="the reference: text, or JSON for countdown and ordering")
    parser.add_argument(
        "--file", help="JSON lines with response, reference and optionally kind, label, options"
    )
    parser.add_argument("--workers", type=int, default=0, help="worker processes for a file (default: none)")
    return parser


def _judge_one(kind: str | None, response: str | None, reference: str | None) -> None:
    if kind is None or response is None or reference is None:
        raise ValueError("Give --file, or --kind with --response and --reference.")
    _print(verify(kind, sys.stdin.read() if response == "-" else response, _parsed(kind, reference)), {})


def _parsed(kind: str, reference: str) -> Any:
    if kind not in ("countdown", "ordering"):
        return reference
    try:
        return json.loads(reference)
    except ValueError:
        raise ValueError(f"The reference of a {kind} answer is JSON; {reference[:200]!r} is not.") from None


def _judge_file(path: str, kind: str | None, workers: int) -> None:
    summary = Summary()
    for row, verdict in judge_file(path, kind, workers):
        summary.add(row, verdict)
        _print(verdict, {"line": row.line} | ({} if row.label is None else {"label": row.label}))
    print(summary.text(), file=sys.stderr)


def _print(verdict: Verdict, more: dict[str, Any]) -> None:
    print(json.dumps(more | verdict.to_dict(), ensure_ascii=False))


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read: {error.strerror}."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())

"""The `repro` command."""

import os
import sys
from io import TextIOWrapper
from typing import Any


def main() -> None:
    """Run the command line and exit. What went wrong is said in one sentence; only a bug has a traceback."""
    from repro.errors import STOPPED, USAGE, explain

    os.environ.setdefault(
        "TQDM_DISABLE", "1"
    )  # bars of libraries would break into ours; tqdm reads it on import
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # no output may fail for what its encoding lacks
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run()
    except KeyboardInterrupt:
        code = STOPPED
    except Exception as error:
        if hasattr(error, "format_message"):  # typer's own errors of usage
            print(_usage(error), file=sys.stderr)
            raise SystemExit(USAGE) from None
        explained = explain(error)
        if explained is None:
            raise
        code, sentence = explained
        print(f"repro: {sentence}", file=sys.stderr)
        raise SystemExit(code) from None
    if code == STOPPED:
        again = (
            " The same command goes on from here."
            if sys.argv[1:2] in (["run"], ["eval"], ["testcases"])
            else ""
        )
        print(f"repro: stopped.{again}", file=sys.stderr)
    raise SystemExit(code)


def _run() -> int:
    """The exit code of the command that `sys.argv` names."""
    import typer

    from repro.cli import app

    try:
        return app(prog_name="repro", standalone_mode=False) or 0
    except typer.Abort as error:  # how older versions of typer pass an interrupt on
        raise error.__cause__ or KeyboardInterrupt from None


def _usage(error: Any) -> str:
    """The sentence for an error of usage, and where help is."""
    message = " ".join(error.format_message().split())
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    path = getattr(error.ctx, "command_path", "repro") if getattr(error, "ctx", None) else "repro"
    end = "" if message.endswith((".", "?")) else "."
    return f"repro: {message}{end} See `{path} --help`."


if __name__ == "__main__":
    main()

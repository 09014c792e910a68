"""What commands print: results on standard output, notes and progress on standard error."""

import json
import re
import shutil
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

NAME_WIDTH = 18
"""Least width of a column of names."""

Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON on standard output.")]


def folded(name: str, width: int = NAME_WIDTH) -> str:
    """A long name over several lines, broken behind its `_`, `,`, `-`, `.` and spaces alone."""
    lines = [""]
    for piece in re.findall(r"[^_,\-. ]*+[_,\-. ]*+", name):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def print_json(value: Any) -> None:
    """One JSON document."""
    print(json.dumps(value, indent=1, allow_nan=False))


def note(text: str) -> None:
    """A remark, which is no part of the result."""
    print(text, file=sys.stderr)


def print_table(title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> None:
    """A table under its title. A column has a heading and is `left`, `right` or `whole` (not wrapped), or a `name`."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for heading, kind in columns:
        table.add_column(
            heading,
            justify="right" if kind == "right" else "left",
            no_wrap=kind in ("right", "whole"),
            overflow="fold",
            min_width=NAME_WIDTH if kind == "name" else None,
        )
    for row in rows:
        table.add_row(*row)
    # A pipe is as wide as $COLUMNS says, and never narrower than a table needs.
    console = Console(width=None if sys.stdout.isatty() else max(80, shutil.get_terminal_size().columns))
    console.print(title, markup=False, highlight=False, soft_wrap=True)
    console.print(table, highlight=False)
    console.print()

"""`repro self-check`: judge responses with known marks, and say whether this installation does what it should."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import FAILED

if TYPE_CHECKING:
    from evals.self_check import Checked

TITLES = {
    "public outputs": "Public outputs",
    "own rows": "Rows of our own in the form of each benchmark's data",
}


def run_self_check(as_json: Json = False) -> None:
    """Judge responses with known marks: public outputs, and rows in the form of each benchmark's data."""
    from evals.self_check import self_check

    checked = self_check()
    if as_json:
        print_json({"checks": [asdict(one) for one in checked]})
    else:
        for kind, of_kind in groupby(checked, key=lambda one: one.kind):
            _show(TITLES[kind], list(of_kind))
        for one in checked:
            _explain(one)
    if any(one.result == "differs" for one in checked):
        raise typer.Exit(FAILED)


def _show(title: str, checked: "Iterable[Checked]") -> None:
    from reports.text import EMPTY, percent

    headings = ["responses", "expected %", "obtained %"]
    rows = [
        (
            one.name,
            EMPTY if one.responses is None else f"{one.responses:,}",
            percent(one.expected),
            percent(one.obtained),
            one.result,
        )
        for one in checked
    ]
    columns = [("outputs", "name"), *((heading, "right") for heading in headings), ("result", "left")]
    print_table(title, columns, rows)


def _explain(one: "Checked") -> None:
    """Why a check was not run, and which responses were judged otherwise than they are marked."""
    if one.why:
        note(f"{one.name}: {one.why}")
    if one.result == "differs":
        note(f"{one.name}: judged otherwise than marked: {', '.join(one.differing[:10])}")
    for reason in one.known:
        note(f"{one.name}: judged more strictly than marked, on purpose: {reason}")

"""`repro self-check`: judge outputs that others published, and say whether this installation does what it should."""

from dataclasses import asdict

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import FAILED


def run_self_check(as_json: Json = False) -> None:
    """Judge public outputs with known marks."""
    from evals.self_check import self_check
    from reports.text import EMPTY, percent

    checked = self_check()
    if as_json:
        print_json({"checks": [asdict(one) for one in checked]})
    else:
        titles = [
            ("outputs", "name"),
            *((name, "right") for name in ("responses", "expected %", "obtained %")),
        ]
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
        print_table("Public outputs", [*titles, ("result", "left")], rows)
        for one in checked:
            if one.why:
                note(f"{one.name}: {one.why}")
            if one.result == "differs":
                note(f"{one.name}: judged otherwise than published: {', '.join(one.differing[:10])}")
    if any(one.result == "differs" for one in checked):
        raise typer.Exit(FAILED)

"""`repro report`: rebuild a run's report."""

from pathlib import Path
from typing import Annotated

import typer

from repro.commands.output import Json, print_json


def report(
    run: Annotated[Path, typer.Argument(help="The run directory.", metavar="RUN")],
    timings: Annotated[
        bool, typer.Option(help="With wall times, the only part that the clock changes.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Rebuild a run's report from its directory alone."""
    from reports.build import write

    page = write(run, timings)
    if as_json:
        files = {"html": page, "markdown": page.with_suffix(".md"), "json": page.with_suffix(".json")}
        print_json({"run": str(run), **{name: str(file) for name, file in files.items()}})
    else:
        print(page)

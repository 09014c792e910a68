"""The harness self-check: responses with known marks judged on this machine, expected and obtained."""

from reports.run import Run
from reports.tables import Column, Table
from reports.text import EMPTY, percent


def self_check_table(run: Run) -> Table | None:
    """A row for each set of responses with known marks; None where the run made no self-check."""
    rows = [] if run.self_check is None else run.self_check.get("checks", [])
    if not rows:
        return None
    return Table(
        "self-check-files",
        "Responses with known marks, judged here",
        "Before anything was trained, this installation judged outputs that others published, and responses to rows of "
        "our own in the form of each benchmark's data. Expected is the share that is marked right, obtained what came "
        "out here. The command repro self-check does the same.",
        (
            *(Column(title, False) for title in ("outputs", "source")),
            *(Column(title) for title in ("responses", "expected, %", "obtained, %", "agreement, %")),
            Column("result", False),
        ),
        tuple(
            (
                str(row["name"]),
                str(row["source"]),
                EMPTY if row["responses"] is None else f"{row['responses']:,}",
                percent(row["expected"]),
                percent(row["obtained"]),
                percent(row["agreement"]),
                str(row["result"]),
            )
            for row in rows
        ),
    )


def self_check_warnings(run: Run) -> tuple[str, ...]:
    """A sentence for each set on which this installation does not do what it should."""
    rows = [] if run.self_check is None else run.self_check.get("checks", [])
    return tuple(
        f"The harness self-check failed on {row['name']}: expected {percent(row['expected'])} % right and obtained "
        f"{percent(row['obtained'])} %. The scores below may be off as well."
        for row in rows
        if row["result"] == "differs"
    )

"""Rows of our own in exactly the form of each benchmark's data, with responses that are right and wrong.

Each file of `rows/` says what the labels of a benchmark mean and who says so, and holds rows that mean it. So a label
that is read the wrong way round is seen before a score is made with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from typing import Any

from pydantic import TypeAdapter

from evals.benchmarks import SPECS
from evals.self_check.check import Check, Output


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a benchmark's data as its publisher writes it, with responses of either mark."""

    row: Mapping[str, Any]
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnRows:
    """A file of `rows/`.

    `meaning` says what the field means that responses are judged by, `sources` who says so. The rows are asked under
    `protocol`, or the first.
    """

    benchmark: str
    title: str
    meaning: str
    sources: tuple[str, ...]
    rows: tuple[MarkedRow, ...]
    protocol: str | None = None


def own_rows() -> dict[str, OwnRows]:
    """The files of `rows/` by their names, in order. Raises `pydantic.ValidationError` for a file of another form."""
    folder = files("evals.self_check").joinpath("rows")
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.is_file()}
    return {name: TypeAdapter(OwnRows).validate_json(texts[name]) for name in sorted(texts)}


def own_row_checks() -> list[Check]:
    """A check for each file."""
    return [
        Check(own.title, f"rows of our own, evals/self_check/rows/{name}", partial(outputs, own), "own rows")
        for name, own in own_rows().items()
    ]


def outputs(own: OwnRows) -> list[Output]:
    """The responses of a file with their marks; ids say which they are, such as `row 2, wrong 1`."""
    spec, marked_outputs = SPECS[own.benchmark], []
    for place, marked in enumerate(own.rows, 1):
        problem = spec.problem(marked.row, own.protocol)
        if problem is None:
            raise ValueError(f"{own.title} has a row that its protocol leaves out.")
        for mark, responses in (("right", marked.right), ("wrong", marked.wrong)):
            marked_outputs += [
                Output(replace(problem, id=f"row {place}, {mark} {number}"), response, mark == "right")
                for number, response in enumerate(responses, 1)
            ]
    return marked_outputs

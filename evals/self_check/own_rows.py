"""Rows of our own in exactly the form of each benchmark's data, with responses that are right and wrong.

Each file of `rows/` says what the labels of a benchmark mean and who says so, and holds rows that mean it. So a label
that is read the wrong way round is seen before a score is made with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
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


def own_rows() -> list[OwnRows]:
    """The files of `rows/`, by name."""
    return [read_own_rows(file) for file in _files()]


def read_own_rows(file: Traversable) -> OwnRows:
    """One of them. Raises `pydantic.ValidationError` for a file of another form."""
    return TypeAdapter(OwnRows).validate_json(file.read_text(encoding="utf-8"))


def own_row_checks() -> list[Check]:
    """A check for each file."""
    return [
        Check(
            own.title, f"rows of our own, as of {'; '.join(own.sources)}", partial(outputs, own), "own rows"
        )
        for own in own_rows()
    ]


def outputs(own: OwnRows) -> list[Output]:
    """The responses of a file with their marks, each under an id of its own."""
    spec, made = SPECS[own.benchmark], []
    for marked in own.rows:
        problem = spec.problem(marked.row, own.protocol)
        if problem is None:
            raise ValueError(f"{own.title} has a row that its protocol leaves out.")
        for mark, responses in (("right", marked.right), ("wrong", marked.wrong)):
            made += [
                Output(replace(problem, id=f"{problem.id}, {mark} {number}"), response, mark == "right")
                for number, response in enumerate(responses, 1)
            ]
    return made


def _files() -> list[Traversable]:
    folder = files("evals.self_check").joinpath("rows")
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name
    )

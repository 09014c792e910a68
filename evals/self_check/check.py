"""What a check of the harness is made of, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evals.types import Problem

Result = Literal["as expected", "differs", "not run"]
Kind = Literal["public outputs", "own rows"]


@dataclass(frozen=True, slots=True)
class Output:
    """A response to a problem, and whether it is known to be right."""

    problem: Problem
    response: str
    right: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A set of responses with known marks.

    `source` says where they are from. `disputed` are ids of problems whose mark is wrong; `stricter` maps those that
    we judge otherwise on purpose, though the mark may be right, to the reason.
    """

    name: str
    source: str
    read: Callable[[], list[Output]]
    kind: Kind = "public outputs"
    disputed: frozenset[str] = frozenset()
    stricter: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: shares of right responses in [0, 1], and the outputs that we judge otherwise.

    `result` is `differs` where one of those is neither known to be marked wrongly nor known to be judged more strictly
    here. `why` says why a check was not run, `known` which of the differences are on purpose.
    """

    name: str
    source: str
    result: Result
    kind: Kind = "public outputs"
    responses: int | None = None
    expected: float | None = None
    obtained: float | None = None
    agreement: float | None = None
    differing: tuple[str, ...] = ()
    why: str = ""
    known: tuple[str, ...] = ()

"""How many problems are left after each step, beside the paper's numbers (section 2.3.5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from evals.testcases.curate import Curated, End

SOURCE = "Kimi k1.5, section 2.3.5 (arXiv:2501.12599)"

_STEPS: tuple[tuple[str, End | None, int | None], ...] = (
    ("problems", None, 1000),
    ("need no special judge", "special_judge", 614),
    ("have enough submissions", "submissions", None),
    ("generator gave enough valid cases", "generator", 463),
    ("kept: enough submissions pass", "agreement", 323),
)
"""Name of a step, the end of a problem that does not pass it, and how many the paper has after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: how many problems are left after it, here and in the paper, where it says so."""

    name: str
    problems: int
    paper: int | None


def funnel(curated: Iterable[Curated]) -> tuple[Step, ...]:
    """The steps, each with the problems that are left after it. Raises `ValueError` for a problem counted twice."""
    ends: dict[str, End] = {}
    for one in curated:
        if one.problem in ends:
            raise ValueError(f"Problem {one.problem} is counted twice.")
        ends[one.problem] = one.end
    left, steps = list(ends.values()), []
    for name, out, paper in _STEPS:
        left = [end for end in left if end != out]
        steps.append(Step(name, len(left), paper))
    return tuple(steps)

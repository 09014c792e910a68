"""The vote of the ground-truth submissions (section 2.3.5).

An input is valid if at least 7 of the 10 submissions that were drawn print the same for it, which then is its
output. A problem is kept if at least 9 of the 10 print that for every valid input.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evals.seeds import derive_seed
from evals.testcases.problem import CodingProblem, Submission
from evals.testcases.settings import Settings


@dataclass(frozen=True, slots=True)
class Agreement:
    """`outputs` holds what was agreed on for each input, None for an input that is not valid; `passed` says of
    each submission whether it printed all of that."""

    outputs: tuple[str | None, ...]
    passed: tuple[bool, ...]

    @property
    def valid(self) -> int:
        """How many inputs are valid."""
        return sum(output is not None for output in self.outputs)


def order_of_draw(problem: CodingProblem, settings: Settings) -> list[Submission]:
    """The accepted submissions in the order in which they are drawn, which depends on seed and names alone."""
    accepted = sorted((one for one in problem.submissions if one.accepted), key=lambda one: one.name)
    random.Random(derive_seed(settings.seed, problem.id, "submissions")).shuffle(accepted)
    return accepted


def agree(answers: Sequence[Sequence[str | None]], settings: Settings) -> Agreement:
    """The vote on `answers`: a row for each submission, and in it an output for each input or None."""
    if len(answers) != settings.drawn:
        raise ValueError(f"{settings.drawn} submissions vote, not {len(answers)}.")
    outputs = tuple(_agreed(column, settings.agreeing) for column in zip(*answers, strict=True))
    passed = tuple(
        all(right is None or given == right for given, right in zip(row, outputs, strict=True))
        for row in answers
    )
    return Agreement(outputs, passed)


def _agreed(column: Sequence[str | None], needed: int) -> str | None:
    """The output that `needed` submissions printed: at most one, as `needed` is more than half of them."""
    votes = Counter(output for output in column if output is not None)
    return next((output for output, count in votes.items() if count >= needed), None)

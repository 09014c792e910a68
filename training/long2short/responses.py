"""Judged responses of a model to training problems: what rejection sampling and DPO choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.types import Problem, Sample


@dataclass(frozen=True, slots=True)
class JudgedResponses:
    """The n responses to one problem, in the order in which they were drawn."""

    problem: Problem
    samples: tuple[Sample, ...]


def by_problem(problems: Sequence[Problem], samples: Sequence[Sample]) -> list[JudgedResponses]:
    """Samples put with their problems. Raises `KeyError` for a sample of no given problem."""
    found: dict[str, list[Sample]] = {problem.id: [] for problem in problems}
    for sample in samples:
        found[sample.problem_id].append(sample)
    return [JudgedResponses(problem, tuple(found[problem.id])) for problem in problems]

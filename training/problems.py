"""Training problems of the embedded recipes, by level."""

from collections.abc import Mapping

from evals.benchmarks.puzzles import level_problems
from evals.types import Problem


def training_problems(levels: Mapping[str, int], seed: int) -> list[Problem]:
    """That many distinct problems of each level, from the train split (disjoint from validation and test)."""
    return [p for level, count in levels.items() for p in level_problems(level, "train", count, seed)]

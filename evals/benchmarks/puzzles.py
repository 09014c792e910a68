"""Puzzles: families of small problems, the held-out sets of the embedded recipes; Countdown and Ordering by default.

Same problems, splits and judging as `countdown`, `ordering` and `programs`; every level weighs the same. Metric:
avg@k at temperature 1.0 (figure 5 of the paper samples at 1.0), broken down by family and level.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from evals.benchmarks import countdown, ordering, programs
from evals.splits import Split
from evals.types import Benchmark, Problem, Sampling

VERSION = "1"
LEVELS: Mapping[str, tuple[Callable[[Split, int, int], Iterator[Problem]], int]] = {
    **{name: (countdown.generate, size) for size, name in countdown.LEVELS.items()},
    **{name: (ordering.generate, size) for size, name in ordering.LEVELS.items()},
    **{name: (programs.generate, size) for size, name in programs.LEVELS.items()},
}
HELD_OUT = ("countdown-3", "countdown-4", "ordering-5", "ordering-7")


def family(level: str) -> str:
    """The family of a level: `countdown` of `countdown-3`."""
    return level.rpartition("-")[0]


def level_problems(level: str, split: Split, count: int, seed: int) -> list[Problem]:
    """`count` distinct problems of one level and split.

    Raises `ValueError` for an unknown level, or one with fewer problems in that split.
    """
    if level not in LEVELS:
        raise ValueError(f"There is no puzzle level {level!r}; choose from {', '.join(LEVELS)}.")
    generate, size = LEVELS[level]
    problems = list(islice(generate(split, size, seed), count))
    if len(problems) < count:
        raise ValueError(
            f"The level {level} has only {len(problems)} {split} problems; {count} were asked for."
        )
    return problems


def puzzles(
    name: str,
    levels: tuple[str, ...],
    split: Split,
    problems_per_level: int,
    samples_per_problem: int,
    sampling: Sampling,
    seed: int = 0,
) -> Benchmark:
    """A benchmark of these levels, `problems_per_level` each."""

    def load() -> list[Problem]:
        return [p for level in levels for p in level_problems(level, split, problems_per_level, seed)]

    return Benchmark(
        name=name,
        version=VERSION,
        description=f"{', '.join(levels)}: {problems_per_level} {split} problems each, seed {seed}",
        load=load,
        sampling=sampling,
        samples_per_problem=samples_per_problem,
        source="generated from a seed",
    )

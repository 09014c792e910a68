"""Benchmarks by name."""

from collections.abc import Mapping

from evals.benchmarks import ordering, programs, puzzles
from evals.splits import Split
from evals.types import Benchmark, Sampling

LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    "puzzles": puzzles.HELD_OUT,
    "countdown": ("countdown-3", "countdown-4"),  # countdown-2 has too few problems to score
    "ordering": tuple(ordering.LEVELS.values()),
    "programs": tuple(programs.LEVELS.values()),
}
DEFAULT_SAMPLING = Sampling(temperature=1.0, max_tokens=256)


def load_benchmark(
    name: str,
    *,
    split: Split = "test",
    problems_per_level: int = 250,
    samples_per_problem: int = 1,
    sampling: Sampling = DEFAULT_SAMPLING,
    seed: int = 0,
    levels: tuple[str, ...] | None = None,
) -> Benchmark:
    """The benchmark called `name`, with other `levels` where they are given.

    Raises `ValueError` with the known names for an unknown benchmark or level.
    """
    if name not in LEVELS_OF:
        raise ValueError(f"There is no benchmark {name!r}; choose from {', '.join(LEVELS_OF)}.")
    chosen = LEVELS_OF[name] if levels is None else levels
    if unknown := sorted(set(chosen) - set(puzzles.LEVELS)):
        raise ValueError(f"There is no puzzle level {unknown[0]!r}; choose from {', '.join(puzzles.LEVELS)}.")
    return puzzles.puzzles(name, chosen, split, problems_per_level, samples_per_problem, sampling, seed)

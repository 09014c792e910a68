"""Benchmarks by name."""

from collections.abc import Mapping
from dataclasses import replace

from evals.benchmarks import countdown, ordering, puzzles
from evals.splits import Split
from evals.types import Benchmark, Sampling

LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    "puzzles": puzzles.HELD_OUT,
    "countdown": tuple(countdown.LEVELS.values()),
    "ordering": tuple(ordering.LEVELS.values()),
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
) -> Benchmark:
    """The benchmark called `name`. Raises `ValueError` with the known names for an unknown one."""
    if name not in LEVELS_OF:
        raise ValueError(f"There is no benchmark {name!r}; choose from {', '.join(LEVELS_OF)}.")
    levels = LEVELS_OF[name]
    return puzzles.puzzles(
        name, levels, split, problems_per_level, samples_per_problem, replace(sampling), seed
    )

"""Benchmarks by name."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evals.benchmarks import (
    aime2024,
    ceval,
    cluewsc,
    codeforces,
    gsm8k,
    humaneval,
    humaneval_mul,
    ifeval,
    livecodebench,
    math500,
    mathvision,
    mathvista,
    mmlu,
    mmmu,
    ordering,
    programs,
    puzzles,
)
from evals.benchmarks.spec import Spec
from evals.splits import Split
from evals.types import Benchmark, Sampling

LEVELS_OF: Mapping[str, tuple[str, ...]] = {
    "puzzles": puzzles.HELD_OUT,
    "countdown": ("countdown-3", "countdown-4"),  # countdown-2 has too few problems to score
    "ordering": tuple(ordering.LEVELS.values()),
    "programs": tuple(programs.LEVELS.values()),
}
SPECS: Mapping[str, Spec] = {
    module.SPEC.name: module.SPEC
    for module in (
        aime2024,
        math500,
        gsm8k,
        humaneval,
        humaneval_mul,
        livecodebench,
        codeforces,
        mmlu,
        ifeval,
        cluewsc,
        ceval,
        mathvista,
        mmmu,
        mathvision,
    )
}
"""The public benchmarks; their data is not here."""
NAMES = (*LEVELS_OF, *SPECS)
DEFAULT_SAMPLING = Sampling(temperature=1.0, max_tokens=256)


def load_benchmark(
    name: str,
    *,
    split: Split = "test",
    problems_per_level: int = 250,
    samples_per_problem: int | None = None,
    sampling: Sampling | None = None,
    seed: int = 0,
    levels: tuple[str, ...] | None = None,
    data: Path | None = None,
    protocol: str | None = None,
    limit: int | None = None,
) -> Benchmark:
    """The benchmark called `name`.

    `split`, `problems_per_level`, `seed` and `levels` are of the puzzles made here; `data`, `protocol` and `limit`
    of the public benchmarks, see `Spec.benchmark`. Raises `ValueError` with the known names for an unknown
    benchmark, level or protocol, and for data that is missing or of another form.
    """
    if name in SPECS:
        if split != "test" or levels is not None:
            raise ValueError(f"{name} has one set of problems and no levels; leave the split and levels out.")
        made = SPECS[name].benchmark(data=data, protocol=protocol, limit=limit)
    elif name not in LEVELS_OF:
        raise ValueError(f"There is no benchmark {name!r}; choose from {', '.join(NAMES)}.")
    elif data is not None or protocol is not None or limit is not None:
        raise ValueError(f"{name} is made from a seed; data, protocol and limit are of {', '.join(SPECS)}.")
    else:
        chosen = LEVELS_OF[name] if levels is None else levels
        if unknown := sorted(set(chosen) - set(puzzles.LEVELS)):
            raise ValueError(
                f"There is no puzzle level {unknown[0]!r}; choose from {', '.join(puzzles.LEVELS)}."
            )
        made = puzzles.puzzles(name, chosen, split, problems_per_level, 1, DEFAULT_SAMPLING, seed)
    return replace(
        made,
        samples_per_problem=samples_per_problem or made.samples_per_problem,
        sampling=sampling or made.sampling,
    )

"""Countdown: reach a target from n different numbers with + − ×, each used exactly once.

Source: problems made here from a seed; the task is the one popularised by TinyZero for small-scale reasoning
RL. Splits are disjoint by canonical problem (the sorted numbers and the target), decided by a hash.
Metric: avg@k at temperature 1.0, as figure 5 of the paper ("total@temp_1.0") samples.
Answers are judged by `verifiers.countdown`, which evaluates the expression that the response claims.
"""

import random
from collections.abc import Iterator

from evals.splits import Split, split_of
from evals.types import Message, Problem

NUMBER_MAX = 15
VALUE_MAX = 99  # no intermediate result of a solution or a demonstration is larger
TARGET_MIN, TARGET_MAX = 10, 99
LEVELS = {2: "countdown-2", 3: "countdown-3", 4: "countdown-4"}


def operations(a: int, b: int) -> list[tuple[int, str, int, int]]:
    """Every useful `(left, operator, right, result)` on two numbers: results lie in 1 … `VALUE_MAX`."""
    large, small = (a, b) if a >= b else (b, a)
    found = [(a, "+", b, a + b), (a, "*", b, a * b)]
    if large > small:
        found.append((large, "-", small, large - small))
    return [step for step in found if step[3] <= VALUE_MAX]


def _random_value(numbers: list[int], rng: random.Random) -> int:
    """Combine the numbers two at a time until one is left."""
    values = list(numbers)
    while len(values) > 1:
        i, j = rng.sample(range(len(values)), 2)
        choices = operations(values[i], values[j])
        if not choices:
            return 0
        result = rng.choice(choices)[3]
        values = [v for k, v in enumerate(values) if k not in (i, j)] + [result]
    return values[0]


def problem(numbers: list[int], target: int) -> Problem:
    """The problem with these numbers (in the order in which they are shown) and this target."""
    shown = " ".join(map(str, numbers))
    return Problem(
        id=f"countdown:{','.join(map(str, sorted(numbers)))}={target}",
        prompt=(Message("user", f"Use {shown} to make {target} ."),),
        reference={"numbers": list(numbers), "target": target},
        verifier="countdown",
        tags={"family": "countdown", "level": LEVELS[len(numbers)]},
    )


def generate(split: Split, operands: int, seed: int) -> Iterator[Problem]:
    """Endless solvable problems of one level and split, distinct while the level has any left.

    Raises `ValueError` when `operands` is not a level of this benchmark.
    """
    if operands not in LEVELS:
        raise ValueError(f"Countdown has no level with {operands} operands; use one of {sorted(LEVELS)}.")
    rng = random.Random(f"countdown/{split}/{operands}/{seed}")
    seen: set[str] = set()
    misses = 0
    while misses < 10_000:
        numbers = rng.sample(range(1, NUMBER_MAX + 1), operands)
        target = _random_value(numbers, rng)
        if not TARGET_MIN <= target <= TARGET_MAX:
            continue
        made = problem(numbers, target)
        if split_of(made.id) != split or made.id in seen:
            misses += 1
            continue
        misses = 0
        seen.add(made.id)
        yield made

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

NUMBER_MAX = 12
VALUE_MAX = 60  # no intermediate result of a solution or a demonstration is larger
TARGET_MIN = 10
LEVELS = {2: "countdown-2", 3: "countdown-3", 4: "countdown-4"}

Step = tuple[int, str, int, int]  # left, operator, right, result


def operations(value: int, number: int) -> list[Step]:
    """Every step from a running value with one more number whose result lies in 1 … `VALUE_MAX`."""
    steps = [(value, "+", number, value + number), (value, "*", number, value * number)]
    if value > number:
        steps.append((value, "-", number, value - number))
    return [step for step in steps if step[3] <= VALUE_MAX]


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

    Each has a solution that takes one number at a time. Raises `ValueError` when `operands` is not a level of
    this benchmark.
    """
    if operands not in LEVELS:
        raise ValueError(f"Countdown has no level with {operands} operands; use one of {sorted(LEVELS)}.")
    rng = random.Random(f"countdown/{split}/{operands}/{seed}")
    seen: set[str] = set()
    misses = 0
    while misses < 10_000:
        numbers = rng.sample(range(1, NUMBER_MAX + 1), operands)
        target = numbers[0]
        for number in numbers[1:]:
            target = rng.choice(operations(target, number) or [(0, "+", 0, 0)])[3]
        if target < TARGET_MIN:
            continue
        made = problem(rng.sample(numbers, operands), target)
        if split_of(made.id) != split or made.id in seen:
            misses += 1
            continue
        misses = 0
        seen.add(made.id)
        yield made

"""Ordering: put items in an order that satisfies every "x y" (x comes before y) constraint.

Source: problems made here from a seed. A second family of another kind than Countdown (logic, not
arithmetic), so that tags, balance and per-family scores mean something. Splits are disjoint by canonical
problem (items and constraints, sorted). Metric: avg@k at temperature 1.0.
Answers are judged by `verifiers.ordering`, which checks every constraint; any valid order is right.
"""

import random
from collections.abc import Iterator
from itertools import pairwise

from evals.splits import Split, split_of
from evals.types import Message, Problem

ITEMS = "ABCDEFGHJK"
LEVELS = {4: "ordering-4", 5: "ordering-5", 6: "ordering-6", 7: "ordering-7", 8: "ordering-8"}


def problem(items: list[str], constraints: list[tuple[str, str]]) -> Problem:
    """The problem with these items and constraints, in the order in which they are shown."""
    shown = " , ".join(f"{a} {b}" for a, b in constraints)
    canonical = ";".join(sorted(f"{a}<{b}" for a, b in constraints))
    return Problem(
        id=f"ordering:{''.join(sorted(items))}:{canonical}",
        prompt=(Message("user", f"Order {' '.join(items)} by {shown} ."),),
        reference={"items": list(items), "constraints": [list(pair) for pair in constraints]},
        verifier="ordering",
        tags={"family": "ordering", "level": LEVELS[len(items)]},
    )


def generate(split: Split, items: int, seed: int) -> Iterator[Problem]:
    """Endless distinct problems of one level and split.

    All neighbours of a hidden order are tied, and the constraints are shown in random order: only the hidden
    order is valid. Raises `ValueError` when `items` is not a level of this benchmark.
    """
    if items not in LEVELS:
        raise ValueError(f"Ordering has no level with {items} items; use one of {sorted(LEVELS)}.")
    rng = random.Random(f"ordering/{split}/{items}/{seed}")
    seen: set[str] = set()
    while True:
        order = rng.sample(ITEMS, items)
        constraints = list(pairwise(order))
        rng.shuffle(constraints)
        made = problem(rng.sample(order, items), constraints)
        if split_of(made.id) == split and made.id not in seen:
            seen.add(made.id)
            yield made

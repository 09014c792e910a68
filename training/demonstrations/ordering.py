"""Ordering demonstrations: short solutions, and long traces that pick items one by one and go back when blocked.

Like the Countdown traces, each states a goal (planning), judges a pick (evaluation), takes a blocked pick back
(reflection) and tries another (exploration): the four traits of section 2.2.
"""

import random
from dataclasses import dataclass

Constraint = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Search:
    """How a trace was found: the order and the words of the search."""

    order: tuple[str, ...]
    words: tuple[str, ...]


def search(items: list[str], constraints: list[Constraint], rng: random.Random) -> Search | None:
    """Pick a random item at a time, rejecting those that must come later; None when the constraints clash."""
    left = list(items)
    order: list[str] = []
    words: list[str] = []
    while left:
        candidates = rng.sample(left, len(left))
        for item in candidates:
            blocker = next((pair for pair in constraints if pair[1] == item and pair[0] in left), None)
            if blocker is None:
                break
            words.append(f"try {item} : {blocker[0]} < {blocker[1]} no .")
        else:
            return None
        left.remove(item)
        order.append(item)
        words.append(f"try {item} yes left {' '.join(left)} ." if left else f"try {item} yes .")
    return Search(tuple(order), tuple(words))


def short_response(order: tuple[str, ...], constraints: list[Constraint]) -> str:
    """A short chain of thought: the constraints sorted by where they fall, then the order."""
    place = {item: index for index, item in enumerate(order)}
    thought = " , ".join(f"{a} < {b}" for a, b in sorted(constraints, key=lambda pair: (place[pair[0]], place[pair[1]])))
    return f"<think> {thought} </think> <answer> {' '.join(order)} </answer>"


def direct_response(order: tuple[str, ...]) -> str:
    """No chain of thought at all."""
    return f"<think> </think> <answer> {' '.join(order)} </answer>"


def long_response(found: Search) -> str:
    """A long chain of thought: goal, search, check, then the order."""
    order = " ".join(found.order)
    return f"<think> goal order : {' '.join(found.words)} check {order} ok </think> <answer> {order} </answer>"

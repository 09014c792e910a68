"""Ordering demonstrations: short solutions, and long traces that go back until an item can be first.

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
    """Find the first item by going back from a random one, then follow the constraints.

    None unless the constraints form one chain through all items.
    """
    before = {second: first for first, second in constraints}
    after = dict(constraints)
    item = rng.choice(items)
    words = []
    while item in before:
        words.append(f"try {item} no {before[item]} {item} .")
        if len(words) > len(items):
            return None
        item = before[item]
    words.append(f"try {item} yes")
    order = [item]
    while order[-1] in after and len(order) <= len(items):
        order.append(after[order[-1]])
    return Search(tuple(order), tuple(words)) if sorted(order) == sorted(items) else None


def short_response(order: tuple[str, ...], constraints: list[Constraint]) -> str:
    """A short chain of thought: the constraints sorted by where they fall, then the order."""
    place = {item: index for index, item in enumerate(order)}
    ranked = sorted(constraints, key=lambda pair: (place[pair[0]], place[pair[1]]))
    thought = " , ".join(f"{a} {b}" for a, b in ranked)
    return f"<think> {thought} </think> <answer> {' '.join(order)} </answer>"


def direct_response(order: tuple[str, ...]) -> str:
    """No chain of thought at all."""
    return f"<think> </think> <answer> {' '.join(order)} </answer>"


def long_response(found: Search, checks: int) -> str:
    """A long chain of thought: goal, search, the order that many times, then the order as the answer."""
    order = " ".join(found.order)
    checked = " wait ".join([f"then {order} ok"] * checks)
    return f"<think> goal order : {' '.join(found.words)} {checked} </think> <answer> {order} </answer>"

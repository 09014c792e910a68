"""Countdown demonstrations: short solutions, and long traces of a search with dead ends.

The long traces stand in for the prompt-engineered long-CoT set of section 2.2: each states a goal (planning),
judges what it computes (evaluation), goes back on a dead end (reflection) and tries others (exploration).
"""

import random
from dataclasses import dataclass

from evals.benchmarks.countdown import Step, operations

Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """How a trace was found: the steps of the solution and the words of the search."""

    steps: Steps
    words: tuple[str, ...]


def show(steps: Steps) -> str:
    """A running calculation, such as `3 * 4 = 12 + 5 = 17`."""
    first = steps[0]
    parts = [f"{first[0]} {first[1]} {first[2]} = {first[3]}"]
    return " ".join(parts + [f"{operator} {number} = {result}" for _, operator, number, result in steps[1:]])


def expression(steps: Steps) -> str:
    """The steps as one expression, with parentheses where the order of operations needs them."""
    text, last = str(steps[0][0]), "*"
    for _, operator, number, _ in steps:
        text = f"( {text} )" if operator == "*" and last in ("+", "-") else text
        text, last = f"{text} {operator} {number}", operator
    return text


def _moves(value: int | None, left: list[int], rng: random.Random) -> list[tuple[Step, list[int]]]:
    """Every next step with the numbers left after it, in random order; from two numbers where there is no value yet."""
    moves = []
    for number in left:
        rest = [n for n in left if n != number]
        if value is None:
            moves += [
                (step, [n for n in rest if n != other])
                for other in rest
                for step in operations(number, other)
            ]
        else:
            moves += [(step, rest) for step in operations(value, number)]
    if value is None:  # a + b and b + a are one try
        moves = [(s, r) for s, r in moves if s[1] == "-" or s[0] > s[2]]
    rng.shuffle(moves)
    return moves


def search(numbers: list[int], target: int, rng: random.Random, max_tries: int) -> Search | None:
    """Search depth first in random order; None when `max_tries` calculations did not reach the target.

    The last step of a try is the one that comes closest to the target.
    """
    words: list[str] = []
    tries = 0

    def explore(steps: Steps, left: list[int]) -> Steps | None:
        nonlocal tries
        value = steps[-1][3] if steps else None
        moves = _moves(value, left, rng)
        if moves and len(moves[0][1]) == 0:
            tries += 1
            last = min((step for step, _ in moves), key=lambda step: (abs(step[3] - target), step))
            tried = (*steps, last)
            words.append(f"try {show(tried)} {'yes' if last[3] == target else 'no'} .")
            return tried if last[3] == target else None
        for count, (step, rest) in enumerate(moves):
            if tries >= max_tries:
                return None
            if count and not steps and len(rest) > 1:
                words.append("back")
            found = explore((*steps, step), rest)
            if found:
                return found
        return None

    solution = explore((), list(numbers))
    return Search(solution, tuple(words)) if solution else None


def short_response(steps: Steps) -> str:
    """A short chain of thought: the calculation, then the expression."""
    return f"<think> {show(steps)} </think> <answer> {expression(steps)} </answer>"


def direct_response(steps: Steps) -> str:
    """No chain of thought at all."""
    return f"<think> </think> <answer> {expression(steps)} </answer>"


def long_response(target: int, found: Search, checks: int) -> str:
    """A long chain of thought: goal, search, that many checks, then the expression."""
    words = " ".join(found.words)
    checked = " wait ".join([f"check {show(found.steps)} ok"] * checks)
    return f"<think> goal {target} : {words} {checked} </think> <answer> {expression(found.steps)} </answer>"

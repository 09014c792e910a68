"""Countdown demonstrations: short solutions, and long traces of a search with dead ends.

The long traces stand in for the prompt-engineered long-CoT set of section 2.2: each states a goal (planning),
judges what it computes (evaluation), goes back on a dead end (reflection) and tries others (exploration).
"""

import random
from dataclasses import dataclass
from itertools import combinations

from evals.benchmarks.countdown import operations

Step = tuple[int, str, int, int]  # left, operator, right, result


@dataclass(frozen=True, slots=True)
class Search:
    """How a trace was found: the steps of the solution and the words of the search."""

    steps: tuple[Step, ...]
    words: tuple[str, ...]


def _show(step: Step) -> str:
    return f"{step[0]} {step[1]} {step[2]} = {step[3]}"


def _without(values: list[int], a: int, b: int) -> list[int]:
    rest = list(values)
    rest.remove(a)
    rest.remove(b)
    return rest


def expression(steps: tuple[Step, ...]) -> str:
    """The steps folded into one expression, with parentheses where the order of operations needs them."""
    made: dict[int, list[tuple[str, str]]] = {}

    def operand(value: int) -> tuple[str, str]:
        stack = made.get(value)
        return stack.pop() if stack else (str(value), "")

    text = ""
    for left, operator, right, result in steps:
        # The right operand is taken first when it is the newest value, so that equal values are not mixed up.
        (l_text, l_op), (r_text, r_op) = operand(left), operand(right)
        if operator == "*":
            l_text = f"( {l_text} )" if l_op in ("+", "-") else l_text
            r_text = f"( {r_text} )" if r_op in ("+", "-") else r_text
        elif operator == "-" and r_op in ("+", "-"):
            r_text = f"( {r_text} )"
        text = f"{l_text} {operator} {r_text}"
        made.setdefault(result, []).append((text, operator))
    return text


def _moves(values: list[int], rng: random.Random) -> list[Step]:
    """Every distinct operation on two of the values, in random order."""
    steps = {step for a, b in combinations(values, 2) for step in operations(a, b)}
    moves = sorted(steps)
    rng.shuffle(moves)
    return moves


def _closest(a: int, b: int, target: int) -> Step:
    """The last operation: the one whose result comes closest to the target."""
    return min(operations(a, b), key=lambda step: (abs(step[3] - target), step))


def search(numbers: list[int], target: int, rng: random.Random, max_tries: int) -> Search | None:
    """Search depth first in random order; None when `max_tries` leaves did not hold a solution."""
    words: list[str] = []
    tries = 0

    def leaf(a: int, b: int) -> Step | None:
        nonlocal tries
        tries += 1
        options = operations(a, b)
        if not options:
            return None
        step = min(options, key=lambda s: (abs(s[3] - target), s))
        words.append(_show(step))
        return step

    def solve(values: list[int], steps: tuple[Step, ...]) -> tuple[Step, ...] | None:
        if len(values) == 2:
            step = leaf(*values)
            if step is None:
                return None
            if step[3] == target:
                words.append("yes .")
                return (*steps, step)
            words.append("no .")
            return None
        for count, move in enumerate(_moves(values, rng)):
            if tries >= max_tries:
                return None
            rest = _without(values, move[0], move[2])
            back = "back " if count and len(values) > 3 else ""
            words.append(f"{back}try {_show(move)} left {' '.join(map(str, rest))} :")
            found = solve([*rest, move[3]], (*steps, move))
            if found:
                return found
        return None

    steps = solve(list(numbers), ())
    return Search(steps, tuple(words)) if steps else None


def short_response(steps: tuple[Step, ...]) -> str:
    """A short chain of thought: the steps, then the expression."""
    thought = " , ".join(map(_show, steps))
    return f"<think> {thought} </think> <answer> {expression(steps)} </answer>"


def direct_response(steps: tuple[Step, ...]) -> str:
    """No chain of thought at all."""
    return f"<think> </think> <answer> {expression(steps)} </answer>"


def long_response(target: int, found: Search) -> str:
    """A long chain of thought: goal, search, check, then the expression."""
    check = " , ".join(map(_show, found.steps))
    words = " ".join(found.words)
    return f"<think> goal {target} : {words} check {check} ok </think> <answer> {expression(found.steps)} </answer>"

"""Programs: find the function behind two examples of what it returns, and write it in Python.

Source: problems made here from a seed; programming by example in its smallest form. A program takes `x` through
one or two operations, and no other program of the grammar that fits the examples returns anything else on
`TESTED`, so the examples say which one is meant. Splits are disjoint by canonical problem (the program and the
sorted inputs), decided by a hash. Metric: avg@k at temperature 1.0.
Answers are judged by `verifiers.code`, which runs them in the sandbox on `TESTED`: mostly numbers that the prompt
does not show, so a table of the examples is not enough.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, Literal

from evals.benchmarks.countdown import NUMBER_MAX, VALUE_MAX
from evals.splits import Split, split_of
from evals.types import Message, Problem

EXAMPLES = 2
INPUT_MAX = 20
TESTED = range(31)
LEVELS = {1: "programs-1", 2: "programs-2"}

Operator = Literal["+", "-", "*", "//"]
Term = int | Literal["x"]
Example = tuple[int, int]  # input, result

CALLED = "each"
BEFORE = f"def {CALLED}(inputs):\n    return [f(x) for x in inputs]\n"
"""What stands before every answer, so that one run of it answers for all of `TESTED`."""


@dataclass(frozen=True, slots=True)
class Program:
    """A first term and operations on the running value, from left to right; none needs parentheses."""

    first: Term
    operations: tuple[tuple[Operator, Term], ...]

    def values(self, x: int) -> list[int]:
        """The running value after each operation, for this `x`; the last is the result."""
        value = x if self.first == "x" else self.first
        values = []
        for operator, term in self.operations:
            value = _apply(value, operator, x if term == "x" else term)
            values.append(value)
        return values

    def __call__(self, x: int) -> int:
        """The result for this `x`."""
        return self.values(x)[-1]

    def __str__(self) -> str:
        """The program as a Python expression, in words that are single tokens."""
        return " ".join([str(self.first), *(f"{operator} {term}" for operator, term in self.operations)])


def _apply(value: int, operator: Operator, term: int) -> int:
    if operator == "+":
        return value + term
    if operator == "-":
        return value - term
    return value * term if operator == "*" else value // term


@cache
def grammar(operations: int) -> tuple[tuple[Program, ...], ...]:
    """Every program of that many operations, in groups of one shape."""
    if operations == 1:
        shapes: list[list[Program]] = [
            [Program("x", (("+", a),)) for a in range(1, NUMBER_MAX + 1)],
            [Program("x", (("-", a),)) for a in range(1, NUMBER_MAX + 1)],
            [Program(a, (("-", "x"),)) for a in range(4, VALUE_MAX // 2 + 1)],
            [Program("x", (("*", a),)) for a in range(2, 7)],
            [Program("x", (("*", "x"),))],
            [Program("x", (("//", a),)) for a in range(2, 5)],
        ]
    else:
        bases: list[list[tuple[Operator, Term]]] = [
            [("*", a) for a in range(2, 7)],
            [("*", "x")],
            [("//", a) for a in range(2, 4)],
        ]
        signs: tuple[Operator, ...] = ("+", "-")
        shapes = [
            [Program("x", (base, (sign, b))) for base, b in product(shape, range(1, NUMBER_MAX + 1))]
            for shape, sign in product(bases, signs)
        ]
    return tuple(tuple(program for program in shape if len(inputs(program)) >= EXAMPLES) for shape in shapes)


def in_range(program: Program, x: int) -> bool:
    """Whether every operation of the program on this `x` is one that Countdown has, or a division of such numbers."""
    return all(
        1 <= value <= VALUE_MAX and (term != "x" or x <= NUMBER_MAX)
        for value, (_, term) in zip(program.values(x), program.operations, strict=True)
    )


def inputs(program: Program) -> list[int]:
    """What the program can be shown on: the numbers up to `INPUT_MAX` that keep it in range."""
    return [x for x in range(1, INPUT_MAX + 1) if in_range(program, x)]


@cache
def _returning(x: int, result: int) -> frozenset[tuple[int, ...]]:
    """What the programs of every level that return `result` for `x` return on `TESTED`."""
    return frozenset(
        tuple(map(program, TESTED))
        for level in LEVELS
        for shape in grammar(level)
        for program in shape
        if program(x) == result
    )


def determined(examples: Sequence[Example]) -> bool:
    """Whether all programs of the grammar that fit these examples return the same on `TESTED`."""
    return len(frozenset.intersection(*(_returning(x, result) for x, result in examples))) == 1


def problem(program: Program, shown: Sequence[int]) -> Problem:
    """The problem of finding this program from what it returns for the inputs `shown`, in this order."""
    examples = " , ".join(f"{x} {program(x)}" for x in shown)
    size = len(program.operations)
    return Problem(
        id=f"programs:{program}:{','.join(map(str, sorted(shown)))}",
        prompt=(Message("user", f"Find f of size {size} by {examples} ."),),
        reference=_reference(program),
        verifier="code",
        tags={"family": "programs", "level": LEVELS[size]},
    )


def _reference(program: Program) -> dict[str, Any]:
    call = {"arguments": [list(TESTED)], "result": [program(x) for x in TESTED]}
    return {"function": CALLED, "prompt": BEFORE, "calls": [call]}


def size_of(problem: Problem) -> int:
    """The number of operations that a problem asks for."""
    return next(size for size, level in LEVELS.items() if level == problem.tags["level"])


def examples_of(problem: Problem) -> list[Example]:
    """The examples that a problem shows, in its order."""
    _, _, shown = problem.prompt[-1].content.partition(" by ")
    return [(int(x), int(result)) for x, result in re.findall(r"(\d+) (\d+)", shown)]


def generate(split: Split, operations: int, seed: int) -> Iterator[Problem]:
    """Endless problems of one level and split, distinct while the level has any left.

    Raises `ValueError` when `operations` is not a level of this benchmark.
    """
    if operations not in LEVELS:
        raise ValueError(f"Programs has no level with {operations} operations; use one of {sorted(LEVELS)}.")
    rng = random.Random(f"programs/{split}/{operations}/{seed}")
    seen: set[str] = set()
    misses = 0
    while misses < 10_000:
        program = rng.choice(rng.choice(grammar(operations)))
        shown = rng.sample(inputs(program), EXAMPLES)
        made = problem(program, shown)
        if split_of(made.id) != split or made.id in seen or not determined([(x, program(x)) for x in shown]):
            misses += 1
            continue
        misses = 0
        seen.add(made.id)
        yield made

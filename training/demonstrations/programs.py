"""Programs demonstrations: short solutions, and long traces that try one program after another.

Like the Countdown traces, each states a goal (planning), judges what a program returns (evaluation), drops one
that fails an example (reflection) and tries others (exploration): the four traits of section 2.2.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from evals.benchmarks.programs import Example, Program, grammar, in_range


@dataclass(frozen=True, slots=True)
class Search:
    """How a trace was found: the program and the words of the search."""

    program: Program
    words: tuple[str, ...]


def show(program: Program, x: int) -> str:
    """The running calculation for one input, such as `5 * 2 = 10 + 3 = 13`."""
    words = [str(x if program.first == "x" else program.first)]
    for (operator, term), value in zip(program.operations, program.values(x), strict=True):
        words += [operator, str(x if term == "x" else term), "=", str(value)]
    return " ".join(words)


def solved(program: Program, x: int, result: int) -> str:
    """How the program's last constant follows from one example, such as `5 * 2 = 10 , 13 - 10 = 3`.

    Where it has none, or the example leaves it open, this is the calculation itself.
    """
    *before, (operator, term) = program.operations
    value = program.values(x)[-2] if before else x
    if program.first != "x":
        last = f"{result} + {x} = {program.first}"
    elif term == "x" or operator == "//":
        last = f"{value} {operator} {x if term == 'x' else term} = {result}"
    else:
        left, inverse, right = {
            "+": (result, "-", value),
            "-": (value, "-", result),
            "*": (result, "//", value),
        }[operator]
        last = f"{left} {inverse} {right} = {term}"
    return f"{show(Program('x', tuple(before)), x)} , {last}" if before else last


def candidates(examples: Sequence[Example], size: int) -> list[Program]:
    """The programs of that size that fit the first example and stay in range on all of them."""
    x, result = examples[0]
    return [
        program
        for shape in grammar(size)
        for program in shape
        if program(x) == result and all(in_range(program, other) for other, _ in examples)
    ]


def search(examples: Sequence[Example], size: int, rng: random.Random, max_tries: int) -> Search | None:
    """Try what fits the first example on the others, in random order; None when `max_tries` tries all failed.

    A try ends with the first example that it gets wrong.
    """
    (x, result), *others = examples
    possible = candidates(examples, size)
    rng.shuffle(possible)
    words: list[str] = []
    for program in possible[:max_tries]:
        tried = [f"{x} {result} : {solved(program, x, result)}"]
        for other, wanted in others:
            tried.append(f"{other} {wanted} : {show(program, other)}")
            if program(other) != wanted:
                break
        else:
            return Search(program, (*words, f"try {' , '.join(tried)} yes ."))
        words.append(f"try {' , '.join(tried)} no .")
    return None


def answer(program: Program) -> str:
    """The program as a function in Python."""
    return f"<answer> f = lambda x : {program} </answer>"


def short_response(program: Program, example: Example) -> str:
    """A short chain of thought: what follows from one example, then the function."""
    return f"<think> {solved(program, *example)} </think> {answer(program)}"


def direct_response(program: Program) -> str:
    """No chain of thought at all."""
    return f"<think> </think> {answer(program)}"


def long_response(found: Search, examples: Sequence[Example], checks: int, rng: random.Random) -> str:
    """A long chain of thought: goal, search, that many checks of an example each, then the function."""
    checked = " wait ".join(f"check {show(found.program, rng.choice(examples)[0])} ok" for _ in range(checks))
    return f"<think> goal f : {' '.join(found.words)} {checked} </think> {answer(found.program)}"

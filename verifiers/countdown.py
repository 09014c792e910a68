"""Countdown: reach a target from given numbers, each used exactly once, with + − ×.

An answer is one expression, `( 3 * 4 ) + 5` (with or without `= 17` after it), or a chain of steps,
`3 * 4 = 12 , 12 + 5 = 17`. It is parsed and evaluated exactly; text is never compared.
"""

import re
from collections import Counter
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from verifiers.arithmetic import Parsed, parse
from verifiers.extract import extract
from verifiers.identity import Identity, check_response, quote
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "3"
_SELF = Identity("countdown", VERSION)
_STEP_END = re.compile(r"[,;\n]")
_INTEGER = re.compile(r"\s*([-−]?)\s*(0|[1-9][0-9]{0,17})\s*\Z")
_MAX_CHARACTERS = 4_000
_NAMES = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def verify(
    response: str,
    reference: Mapping[str, Any],
    *,
    finish_reason: str | None = None,
    operators: str = "+-*",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the answer in `response`.

    `reference` is `{"numbers": [3, 4, 5], "target": 17}`. `operators` are those allowed, out of `+-*/`;
    `thinking_marks` names further marks of thinking. Raises `ValueError` for a malformed reference.
    """
    started = perf_counter()
    check_response(response)
    numbers, target = _reference(reference)
    found = extract(with_marks(response, thinking_marks))
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    try:
        _check(found.answer, numbers, target, operators)
    except ValueError as error:
        return _SELF.verdict("wrong", found.answer, "arithmetic", str(error), started)
    reason = f"Evaluates to {target} and uses each number once."
    return _SELF.verdict("correct", found.answer, "arithmetic", reason, started)


def _reference(reference: Mapping[str, Any]) -> tuple[list[int], int]:
    try:
        numbers, target = reference["numbers"], reference["target"]
    except (KeyError, TypeError, IndexError):
        raise ValueError(_malformed(reference)) from None
    if type(target) is not int or not isinstance(numbers, list | tuple) or not numbers:
        raise ValueError(_malformed(reference))
    for number in numbers:
        if type(number) is not int:
            raise ValueError(_malformed(reference))
    return list(numbers), target


def _malformed(reference: object) -> str:
    return (
        'A countdown reference is {"numbers": [3, 4, 5], "target": 17} with integers, '
        f"not {quote(repr(reference), 200)}."
    )


def _check(answer: str, numbers: list[int], target: int, operators: str) -> None:
    """Raise `ValueError` with the reason if `answer` is wrong."""
    if len(answer) > _MAX_CHARACTERS:
        raise ValueError(f"The answer has {len(answer)} characters; at most {_MAX_CHARACTERS} are read.")
    steps = _steps(answer)
    available = list(numbers)
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        expression, claim = _split(step, needs_result=not last)
        parsed = parse(expression)
        _check_operators(parsed, operators)
        _check_claim(parsed, claim)
        _take(parsed, available)
        if last:
            _check_end(parsed, available, target)
        elif parsed.value.denominator != 1:
            raise ValueError(f"A step gives {parsed.value}, which is not an integer.")
        else:
            available.append(int(parsed.value))


def _steps(answer: str) -> list[str]:
    steps = _STEP_END.split(answer)
    while len(steps) > 1 and not steps[-1].strip():
        steps.pop()
    if len(steps) > 1 and not all(step.strip() for step in steps) and "\n" not in answer:
        raise ValueError("A step is empty.")
    return [step for step in steps if step.strip()] or [""]


def _split(step: str, *, needs_result: bool) -> tuple[str, int | None]:
    expression, equals, result = step.partition("=")
    if not equals:
        if needs_result:
            raise ValueError(f"The step {quote(step.strip())} has no result.")
        return expression, None
    match = _INTEGER.match(result)
    if match is None:
        raise ValueError(f"{quote(result.strip())} after = is not an integer.")
    return expression, -int(match[2]) if match[1] else int(match[2])


def _check_operators(parsed: Parsed, operators: str) -> None:
    for operator in sorted(parsed.operators):
        if operator not in operators:
            raise ValueError(f"It uses {_NAMES[operator]}, which is not allowed.")
    if not parsed.operators:
        raise ValueError(f"{parsed.value} is a bare number, not an expression.")


def _check_claim(parsed: Parsed, claim: int | None) -> None:
    if claim is not None and parsed.value != claim:
        raise ValueError(f"It says {claim}, but the expression evaluates to {parsed.value}.")


def _take(parsed: Parsed, available: list[int]) -> None:
    """Remove the numbers that `parsed` uses from `available`."""
    for number in parsed.literals:
        if number not in available:
            raise ValueError(_why_not(number, parsed, available))
        available.remove(number)


def _why_not(number: int, parsed: Parsed, available: list[int]) -> str:
    uses = Counter(parsed.literals)[number]
    if uses > 1:
        times = "twice" if uses == 2 else f"{uses} times"
        return f"It uses {number} {times}, more often than it is available."
    left = ", ".join(map(str, available)) or "nothing"
    return f"It uses {number}, which is not available (left: {left})."


def _check_end(parsed: Parsed, available: list[int], target: int) -> None:
    if available:
        missing = ", ".join(map(str, available))
        raise ValueError(f"It does not use {missing}.")
    if parsed.value != target:
        raise ValueError(f"It evaluates to {parsed.value}, not {target}.")

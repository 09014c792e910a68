"""Ordering: put items in an order that satisfies "first before second" constraints.

An answer lists every item once, separated by spaces, commas or `<`: `B A C`, `B , A , C`, `B < A < C`.
"""

import re
from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

from verifiers.extract import extract
from verifiers.identity import Identity, check_response, quote
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "3"
_SELF = Identity("ordering", VERSION)
_SEPARATOR = re.compile(r"\s*[,<]\s*|\s+")
_IN_ITEM = re.compile(r"[\s,<>]")
_MAX_CHARACTERS = 10_000


def verify(
    response: str,
    reference: Mapping[str, Any],
    *,
    finish_reason: str | None = None,
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the order in `response`.

    `reference` is `{"items": ["A", "B", "C"], "constraints": [["B", "A"], ["A", "C"]]}`; `thinking_marks` names
    further marks of thinking. Raises `ValueError` for a malformed one.
    """
    started = perf_counter()
    check_response(response)
    items, constraints = _reference(reference)
    found = extract(with_marks(response, thinking_marks))
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    try:
        _check(found.answer, items, constraints)
    except ValueError as error:
        return _SELF.verdict("wrong", found.answer, "order", str(error), started)
    return _SELF.verdict("correct", found.answer, "order", "Satisfies every constraint.", started)


def _reference(reference: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    try:
        items, constraints = reference["items"], reference["constraints"]
        known = set(items)
        good = len(known) == len(items) > 0 and not isinstance(items, str)
        for item in known:
            good = good and bool(item) and _IN_ITEM.search(item) is None
        for first, second in constraints:
            good = good and first != second and first in known and second in known
    except (KeyError, TypeError, ValueError, IndexError):
        good = False
    if not good:
        raise ValueError(
            'An ordering reference is {"items": ["A", "B"], "constraints": [["B", "A"]]}, with items that '
            f"differ and hold no space, comma, < or >, not {quote(repr(reference), 200)}."
        )
    return items, constraints


def _check(answer: str, items: Sequence[str], constraints: Sequence[Sequence[str]]) -> None:
    """Raise `ValueError` with the reason if `answer` is wrong."""
    if len(answer) > _MAX_CHARACTERS:
        raise ValueError(f"The answer has {len(answer)} characters; at most {_MAX_CHARACTERS} are read.")
    place: dict[str, int] = {}
    for item in _SEPARATOR.split(answer):
        if item in place:
            raise ValueError(f"{quote(item)} stands twice.")
        if item not in items:
            raise ValueError(
                f"{quote(item)} is not one of the items." if item else "A separator has no item beside it."
            )
        place[item] = len(place)
    if len(place) != len(items):
        missing = ", ".join(item for item in items if item not in place)
        raise ValueError(f"It leaves out {missing}.")
    for first, second in constraints:
        if place[first] > place[second]:
            raise ValueError(f"{first} must come before {second}.")

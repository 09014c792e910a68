"""Which answers a verifier holds equal: what a majority vote counts as one candidate."""

import re
from collections.abc import Sequence

from verifiers.text import normalise

_WHOLE_NUMBER = re.compile(r"-?\d{1,30}")


def equal_answers(kind: str, answers: Sequence[str]) -> list[int]:
    """For each answer the index of the first one that the verifier `kind` holds equal to it.

    Texts are compared as `text` normalises them, so that options and yes or no are equal as verdicts write them.
    Answers to math are compared by `verifiers.math.equivalent` with its default rules, without its symbolic layer,
    whose time would not be bounded; each is compared with one answer of each group. Other kinds, such as `countdown`,
    have no answers that are equal and written differently.

    >>> equal_answers("math", ["0.5", "2", "1/2"])
    [0, 1, 0]
    """
    written = [_one_form(kind, answer) for answer in answers]
    first: dict[str, int] = {}
    for index, form in enumerate(written):
        if form not in first:
            first[form] = _same_value(answers, index, set(first.values())) if kind == "math" else index
    return [first[form] for form in written]


def _one_form(kind: str, answer: str) -> str:
    if kind == "math":
        return "".join(answer.split())
    return normalise(answer) if kind in ("text", "choice", "true_false") else answer


def _same_value(answers: Sequence[str], index: int, groups: set[int]) -> int:
    """The group, by its first answer, to which the answer at `index` belongs; a new one if to none."""
    from verifiers.math import equivalent  # costs more to import than other kinds need

    answer = answers[index]
    for group in sorted(groups):
        if _WHOLE_NUMBER.fullmatch(answer) and _WHOLE_NUMBER.fullmatch(answers[group]):
            continue  # written differently, they differ
        try:
            if equivalent(answer, answers[group], symbolic=False).correct:
                return group
        except ValueError:  # what is no formula, or too long, is equal to nothing else
            continue
    return index

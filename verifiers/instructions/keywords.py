"""Keywords and letters. As in the benchmark a keyword is a regular expression, found in any case."""

import re
from collections.abc import Sequence

from verifiers.instructions.relation import holds


def existence(text: str, *, keywords: Sequence[str]) -> bool:
    """Every keyword occurs, if only within a word."""
    return all(re.search(keyword, text, re.IGNORECASE) for keyword in keywords)


def frequency(text: str, *, keyword: str, frequency: int, relation: str) -> bool:
    """The keyword occurs less than, or at least, so many times, within words too."""
    found = sum(1 for _ in re.finditer(keyword.strip(), text, re.IGNORECASE))
    return holds(found, relation, frequency)


def forbidden_words(text: str, *, forbidden_words: Sequence[str]) -> bool:
    """None of the words occurs as a word of its own."""
    return not any(re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in forbidden_words)


def letter_frequency(text: str, *, letter: str, let_frequency: int, let_relation: str) -> bool:
    """The letter (any one character) occurs less than, or at least, so many times, in either case."""
    return holds(text.lower().count(letter.lower()), let_relation, let_frequency)

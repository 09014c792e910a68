"""Options under letters, as questions that may have any number of them list them."""

from collections.abc import Sequence
from string import ascii_uppercase

MOST = len(ascii_uppercase)
"""The most options that a question can have."""


def listed(options: Sequence[str]) -> str:
    """`A. first`, `B. second`, ..., a line each."""
    return "\n".join(f"{letter}. {option}" for letter, option in zip(ascii_uppercase, options, strict=False))


def letters(options: Sequence[str]) -> str:
    """The letters of the options: `ABCD`."""
    return ascii_uppercase[: len(options)]


def choose(options: Sequence[str]) -> str:
    """The request that ends a question: reasoning first, then a last line with a letter."""
    return f"Think step by step, then end with a line `Answer: X`, where X is one of {', '.join(letters(options))}."

"""A place in a list of tokens, and the bounds within which it is read."""

from collections.abc import Callable
from dataclasses import dataclass

from verifiers.math.tokens import NotMaths, Token
from verifiers.math.tree import Node

MAX_DEPTH = 24


@dataclass(slots=True)
class Reader:
    """Reads `tokens` from `at` on. `statement` reads what stands between brackets, `sum` and `power` in a formula.

    `bars` counts the open `|`, so that one closes and does not open; inside a set it is not 0 either.
    `colons` says that `:` is a ratio here.
    """

    tokens: list[Token]
    statement: Callable[["Reader", int], Node]
    sum: Callable[["Reader", int], Node]
    power: Callable[["Reader", int], Node]
    at: int = 0
    bars: int = 0
    colons: bool = True

    @property
    def now(self) -> Token:
        """The token to be read next; the last one has the kind `end`."""
        return self.tokens[self.at]

    def ahead(self, distance: int = 1) -> Token:
        """The token `distance` after the one to be read next."""
        return self.tokens[min(self.at + distance, len(self.tokens) - 1)]

    def sees(self, *texts: str) -> bool:
        """Whether the next token is one of `texts`."""
        return self.tokens[self.at].text in texts

    def take(self, *texts: str) -> bool:
        """Whether the next token is one of `texts`, which is then read."""
        if self.tokens[self.at].text in texts:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Read `text`. Raises `NotMaths` where something else stands."""
        if not self.take(text):
            raise NotMaths(f"There is {self.now.text!r} where {text!r} should stand.")


def check_depth(depth: int) -> None:
    """Raise `NotMaths` for what is nested too deeply."""
    if depth > MAX_DEPTH:
        raise NotMaths(f"The answer is nested deeper than {MAX_DEPTH}.")

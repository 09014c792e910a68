r"""Split a normalised answer into tokens: numbers, words, commands and symbols."""

import re
from dataclasses import dataclass

from verifiers.math_words import CONNECTIVES, NAMES, NOT_UNITS, UNITS

MAX_TOKENS = 1_500


class NotMaths(ValueError):
    """The text is not a mathematical answer; the message says why."""


class Unsupported(ValueError):
    """The text is mathematics beyond this grammar, such as an integral."""


_TOKEN = re.compile(
    r" +|(?P<number>\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?|\d+\.\d+|\.\d+|\d+\.?(?!\d))"
    r"|(?P<text>\\text ?\{(?P<inner>[^{}]*)\})"
    r"|(?P<environment>\\begin ?\{(?:p|b|B|v|V|small)?matrix\}"
    r"|\\begin ?\{array\} ?\{[lcr| ]{0,20}\}|\\end ?\{[a-z]*\})"
    r"|(?P<blackboard>\\mathbb ?\{? ?[A-Z] ?\}?)"
    r"|(?P<command>\\[a-zA-Z]+|\\[{}|_])"
    r"|(?P<word>[A-Za-z]+)|(?P<symbol>\*\*|<=|>=|!=|==|.)",
    re.DOTALL,
)
_NESTING = {"(": 1, "[": 1, "\\{": 1, ")": -1, "]": -1, "\\}": -1}
_INNER = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Token:
    """A kind (number, text, word, command, symbol, end) and its text."""

    kind: str
    text: str


def tokens(text: str, *, grouping: bool = True) -> list[Token]:
    """The tokens of normalised `text`, ending with one of kind `end`."""
    found: list[Token] = []
    brackets = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind in ("text", "inner"):
            found += _words(match["inner"])
        elif kind == "word":
            found += _word(match["word"], found)
        elif kind == "number" and "," in match["number"] and (brackets or not grouping):
            found += _apart(match["number"])
        else:
            found.append(Token(kind, match[kind]))
            brackets += _NESTING.get(match[kind], 0)
        if len(found) > MAX_TOKENS:
            raise NotMaths(f"The answer has more than {MAX_TOKENS} tokens.")
    return [*found, Token("end", "the end")]


def _apart(grouped: str) -> list[Token]:
    """`1,234` as two numbers and a comma."""
    return [
        Token("symbol", part) if part == "," else Token("number", part) for part in re.split("(,)", grouped)
    ]


def _words(inner: str) -> list[Token]:
    r"""The tokens of a `\text{…}`: its words as text, its numbers as numbers."""
    return [Token(_inner_kind(word), word) for word in _INNER.findall(inner)]


def _inner_kind(word: str) -> str:
    if word[0].isdigit() and word.isascii():
        return "number"
    return "text" if word[0].isalpha() else "symbol"


def _word(word: str, before: list[Token]) -> list[Token]:
    r"""The tokens of letters outside `\text`: a unit, a known name, a symbol or several, or a word."""
    lower = word.lower()
    follows_number = bool(before) and (
        before[-1].kind in ("number", "text") or before[-1].text in (")", "}", "%")
    )
    if len(word) > 1 and follows_number and lower in UNITS:
        return [Token("text", word)]
    if word in NAMES:
        return [Token("command", NAMES[word])]
    if len(word) == 1:
        return [Token("word", word)]
    if lower in CONNECTIVES:
        return [Token("command", CONNECTIVES[lower])]
    if len(word) <= 3 and lower not in NOT_UNITS:
        return [Token("word", letter) for letter in word]
    return [Token("text", word)]

r"""Split a normalised answer into tokens: numbers, words, commands and symbols."""

import re
from itertools import pairwise
from typing import NamedTuple

from verifiers.math.units import SPACED_LETTERS, is_unit
from verifiers.math.words import (
    CALLS,
    CONNECTIVES,
    FUNCTIONS,
    HAN_CONNECTIVES,
    NAMES,
    NOT_PRODUCTS,
    NOT_UNITS,
    SCALES,
)

MAX_TOKENS = 1_500


class NotMaths(ValueError):
    """The text is not a mathematical answer; the message says why."""


class Unsupported(ValueError):
    """The text is mathematics beyond this grammar, such as an integral."""


_TOKEN = re.compile(
    r" +"
    r"|(?P<numeral>(?=\d*[A-F])(?=[A-F]*\d|[A-F]{2,})[0-9A-F]{1,60}_\{(?:1[1-9]|2\d|3[0-6])\})"
    r"|(?P<number>[1-9]\d{0,2}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?|[1-9]\d{0,2}(?: \d{3})+(?![\d/]| /)(?:\.\d+)?"
    r"|\d*\.\d*\\repeat\{\d+\}|\d+\.\d+|\.\d+|\d+\.?(?!\d))"
    r"|(?P<text>\\text ?\{(?P<inner>[^{}]*)\})"
    r"|\\named\{(?P<name>[^{}]*)\}"
    r"|(?P<environment>\\begin ?\{(?:(?:p|b|B|v|V|small)?matrix\*?|array|cases|aligned|align\*?|gathered)\}"
    r"(?: ?\{[lcr| ]{0,20}\}| ?\[[lcr]\])?|\\end ?\{[a-z*]*\})"
    r"|(?P<blackboard>\\mathbb ?\{? ?[A-Z] ?\}?)"
    r"|(?P<command>\\[a-zA-Z]+|\\[{}|_])"
    r"|(?P<word>[A-Za-z]+)|(?P<han>[\u4e00-\u9fff]+)|(?P<symbol>\*\*|:=|<=|>=|!=|==|.)",
    re.DOTALL,
)
_NESTING = {"(": 1, "[": 1, "\\{": 1, ")": -1, "]": -1, "\\}": -1}
_INNER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[A-Za-z]+(?!\w)|[\u4e00-\u9fff]+|[^\W\d_]+|[^\s\w]"
)
_HAN = re.compile(f"({'|'.join(HAN_CONNECTIVES)}|每|[百千万亿](?![一-鿿])|[万亿](?=[元人个]))")
_MORE_UNITS = re.compile(r" \d[\d.]* ?[A-Za-z]{1,3}\b")
_PHRASE = re.compile(" [A-Za-z]{3,}")
_POWER = r"(?:\^ ?(?:\{ ?-?\d ?\}|-?\d))?"
_END_OF_UNIT = re.compile(
    rf"{_POWER} *(?:(?:/|\\cdot) *(?:[A-Za-zΩμ]{{1,3}}|\\text ?\{{[^{{}}]*\}}) *{_POWER} *)*"
    r"(?:$|[,;)]| \d| (?:m|s|K|mol)\b| ?/ ?\([A-Za-z\\])"
)


_SET_FUNCTIONS = "|".join(sorted(FUNCTIONS | {"sqrt", "log", "cbrt"}, key=len, reverse=True))
_RUN_OF_FUNCTIONS = re.compile(rf"[a-zA-Z]{{0,2}}(?:(?:{_SET_FUNCTIONS})[a-zA-Z]?)+")
_PARTS_OF_RUN = re.compile(rf"{_SET_FUNCTIONS}|pi|[A-Za-z]")
_VARIABLES = frozenset("xyzABC")
_RUN_OF_PI = re.compile("[knmrx]?pi[rxk]?")


class Token(NamedTuple):
    """A kind (number, numeral, text, name, word, blackboard, environment, command, symbol, end) and its text.

    A `name` is the left side of `f(x) = …`.
    """

    kind: str
    text: str


END = Token("end", "the end")


def tokens(text: str, *, grouping: bool = True) -> list[Token]:
    """The tokens of normalised `text`, ending with one of kind `end`."""
    found: list[Token] = []
    brackets = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "symbol" or kind == "command":
            found.append(Token(kind, match[kind]))
            brackets += _NESTING.get(match[kind], 0)
        elif kind == "number":
            found += _number(match[kind], apart=bool(brackets) or not grouping)
        elif kind == "word":
            found += _word(match[kind], found, text, match.start(), match.end())
        elif kind == "text" or kind == "inner":
            found += _words(match["inner"])
        elif kind == "han":
            found += _han(match[kind])
        else:
            found.append(Token(kind, match[kind]))
        if len(found) > MAX_TOKENS:
            raise NotMaths(f"The answer has more than {MAX_TOKENS} tokens.")
    found.append(END)
    return found


def _number(text: str, *, apart: bool) -> list[Token]:
    """One number; `1,234` is two numbers and a comma where `apart`."""
    if "," in text and apart:
        parts = re.split("(,)", text)
        return [Token("symbol" if part == "," else "number", part) for part in parts]
    if " " in text:
        return [Token("number", part) for part in text.split()] if apart else [_glued(text)]
    return [Token("number", text)]


def _glued(text: str) -> Token:
    return Token("number", text.replace(" ", ""))


def _words(inner: str) -> list[Token]:
    r"""The tokens of a `\text{…}`: its words as text, its numbers as numbers."""
    found: list[Token] = []
    for word in _INNER.findall(inner):
        if "\u4e00" <= word[0] <= "\u9fff":
            found += _han(word)
        else:
            found.append(Token(_inner_kind(word), word))
    return found


def _inner_kind(word: str) -> str:
    if word[0].isdigit() and word.isascii():
        return "number"
    return "text" if word[0].isalpha() else "symbol"


def _han(run: str) -> list[Token]:
    """The tokens of Chinese letters: connectives and scales apart, the rest as text."""
    return [_han_token(part) for part in _HAN.split(run) if part]


def _han_token(part: str) -> Token:
    if part in HAN_CONNECTIVES:
        return Token("command", HAN_CONNECTIVES[part])
    return Token("text", "per" if part == "每" else part)


def _word(word: str, before: list[Token], text: str, start: int, end: int) -> list[Token]:
    r"""The tokens of letters outside `\text`: a unit, a known name, a symbol or several, or a word."""
    if len(word) == 1:
        return [_letter(word, before, text, start, end)]
    lower = word.lower()
    if lower in ("and", "or"):
        return [Token("command", CONNECTIVES[lower])]
    called = text[end : end + 1] == "("
    if called and word in CALLS:
        return [Token("command", "\\" + CALLS[word])]
    if (
        len(word) > 2
        and word not in NAMES
        and not is_unit(word)
        and (parts := _run_of_functions(word, called=called))
    ):
        return [
            Token("command", NAMES.get(part, "\\" + part)) if len(part) > 1 else Token("word", part)
            for part in parts
        ]
    if _follows_value(before) and (lower in NOT_PRODUCTS or is_unit(word) or _PHRASE.match(text, end)):
        return [Token("text", word)]
    if word in NAMES:
        return [Token("command", NAMES[word])]
    if lower in CONNECTIVES:
        return [Token("command", CONNECTIVES[lower])]
    if len(word) <= 3 and ((lower not in NOT_UNITS and lower not in SCALES) or word.isupper()):
        return [Token("word", letter) for letter in word]
    return [Token("text", word)]


def _run_of_functions(word: str, *, called: bool) -> list[str]:
    """`xsin`, before a bracket, as x and sin; `sinxcosx` as four parts; nothing for other words."""
    if _RUN_OF_PI.fullmatch(word):
        return _PARTS_OF_RUN.findall(word) if len(word) > 2 else []
    if _RUN_OF_FUNCTIONS.fullmatch(word) is None:
        return []
    parts: list[str] = _PARTS_OF_RUN.findall(word)
    arguments = [after for before, after in pairwise([*parts, "(" if called else ""]) if len(before) > 1]
    return parts if all(argument in _VARIABLES or argument == "(" for argument in arguments) else []


def _letter(word: str, before: list[Token], text: str, start: int, end: int) -> Token:
    """A letter: a unit in `5 m` and `5 km/h`, where a space or a unit stands before it and nothing after."""
    if word in SPACED_LETTERS and before and _END_OF_UNIT.match(text, end) is not None:
        raised = before[-1].text == "}" and any(token.kind == "text" for token in before[-6:-1])
        spaced = (before[-1].kind in ("number", "text") or raised) and (
            (start > 0 and text[start - 1] == " ") or _MORE_UNITS.match(text, end) is not None
        )
        per = len(before) > 1 and before[-1].text in ("/", "\\cdot") and before[-2].kind == "text"
        if spaced or per or _opens_divisor(before):
            return Token("text", word)
    return Token("word", word)


def _follows_value(before: list[Token]) -> bool:
    if not before:
        return False
    value = before[-1].kind in ("number", "text") or before[-1].text in (")", "}", "%", "/")
    return value or _opens_divisor(before)


def _opens_divisor(before: list[Token]) -> bool:
    """Whether a bracket opens behind a unit and a stroke, as in `J/(mol K)`."""
    return len(before) > 2 and [before[-3].kind, before[-2].text, before[-1].text] == ["text", "/", "("]

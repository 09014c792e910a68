r"""Text answers: equal as written, or equal up to case, spaces, punctuation, width, articles and the form of numbers.

What normalising leaves alone is as important: `2⁵` is not 25, `.5` not 5, `(0, 9)` not `[0, 9)`, `-3` not 3,
`5!` not 5, `5%` not 5, `C++` not C.
"""

import re
import unicodedata
from collections.abc import Sequence
from time import perf_counter
from typing import Literal

from verifiers.extract import Extraction, Fallback, after_thinking, extract
from verifiers.identity import Identity, check_response, clip, quote
from verifiers.number_words import SMALL, TENS
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "4"
Match = Literal["normalised", "exact"]
_SELF = Identity("text", VERSION)
_LONGEST_BARE = 200
_LONGEST = 10_000

_LATEX_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox)\s?\{([^{}]{0,2000})\}")
_LATEX_SPACE = re.compile(r"\\[,;:! ]|\\q?quad\b")
_LATEX_MARKS = re.compile(r"\\(?=[%&#_])|[$]")
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_LOWERED = re.compile(r"[₀₁₂₃₄₅₆₇₈₉]+")
_VULGAR = re.compile(r"(?<=\d)(?=[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])")
_SAME_MARKS = str.maketrans({**dict.fromkeys("‘’ʼ`´′", "'"), **dict.fromkeys("“”„«»″", '"'),
                             **dict.fromkeys("‐‑‒–—−", "-"), "。": ".", "、": ","})  # fmt: skip
_INITIALS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.){2,}")
_BETWEEN_WORDS = re.compile(r"(?<=[^\W\d_])\s*[,;:]\s*(?=[^\W_])|(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")
_ARTICLE = re.compile(r"(?:the|an|a(?!\s+(?:minor|major|flat|sharp)\b))\s+(?=\S)")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_DECIMAL = re.compile(r"(?<![\d.,])\d+\.\d+(?![\d.])")
_WRAPPED = re.compile(
    r"""(\*\*|\*|__|_|"|'|''|``)(?P<inside>(?:(?!\1).)+)\1|\((?P<plain>[^()\[\],]+)\)""", re.DOTALL
)


_UNITS = [word for word, value in SMALL.items() if 0 < value < 10]
_NUMBERS = (
    SMALL | TENS | {f"{ten} {unit}": tens + SMALL[unit] for ten, tens in TENS.items() for unit in _UNITS}
)
_NUMBER_WORD = re.compile(
    rf"(?<![\w-])(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(_UNITS)}))?|{'|'.join(SMALL)})(?![\w-])"
)


def verify(
    response: str,
    reference: str | Sequence[str],
    *,
    finish_reason: str | None = None,
    match: Match = "normalised",
    fallback: Fallback = "none",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the answer in `response` against `reference`, one text or several of which any will do.

    A response that is a single short line with nothing to mark an answer is taken for the answer; `thinking_marks`
    names further marks of thinking. Raises `ValueError` for a reference that is not text, or an unknown `match`.
    """
    started = perf_counter()
    check_response(response)
    wanted = _references(reference)
    if match not in ("normalised", "exact"):
        raise ValueError(f"The match is {match!r}; it must be 'normalised' or 'exact'.")
    found = find(with_marks(response, thinking_marks), fallback)
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    if found.answer in wanted:
        return _SELF.verdict("correct", found.answer, "exact", "Equals the reference.", started)
    if match == "normalised" and len(found.answer) <= _LONGEST:
        said = normalise(found.answer)
        if any(normalise(text) == said for text in wanted):
            reason = "Equals the reference up to case, spaces, punctuation and the form of numbers."
            return _SELF.verdict("correct", found.answer, "normalised", reason, started)
    which = quote(wanted[0]) if len(wanted) == 1 else f"any of the {len(wanted)} references"
    return _SELF.verdict("wrong", found.answer, match, f"{quote(found.answer)} is not {which}.", started)


def normalise(text: str) -> str:
    r"""`text` in one form; see the head of this file. Only its first 10,000 characters are read.

    >>> normalise(r"\text{The  U.S.A.}"), normalise("Twenty-one, or 1,000.50")
    ('usa', '21, or 1000.5')
    """
    text = text[:_LONGEST]
    if "\\" in text or "$" in text:
        text = _LATEX_MARKS.sub("", _LATEX_SPACE.sub(" ", _LATEX_TEXT.sub(r"\1", text)))
    if not text.isascii():
        text = _RAISED.sub(lambda m: "^" + m[0], _LOWERED.sub(lambda m: "_" + m[0], _VULGAR.sub(" ", text)))
        text = unicodedata.normalize("NFKC", text)
    text = " ".join(text.translate(_SAME_MARKS).casefold().split())
    text = _unwrapped(_INITIALS.sub(lambda m: m[0].replace(".", ""), text) if "." in text else text)
    text = _BETWEEN_WORDS.sub(" ", _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text)
    words = text.replace("-", " ").split()
    if not _NUMBERS.keys().isdisjoint(words):
        text = _NUMBER_WORD.sub(lambda m: str(_NUMBERS[m[0].replace("-", " ")]), text)
    if "," in text or "." in text:
        text = _DECIMAL.sub(_shorter, _GROUPED.sub(lambda m: m[0].replace(",", ""), text))
    return " ".join(text.split())


def _unwrapped(text: str) -> str:
    """`text` without the marks around and behind it: `**yes**.`, `"yes"`, `(yes)`, `yes!`."""
    while True:
        shorter = _without_last_marks(text.strip().lstrip(",;:"))
        if match := _WRAPPED.fullmatch(shorter):
            shorter = (match["inside"] or match["plain"] or "").strip()
        if shorter == text or not shorter:
            return text
        text = shorter


def _without_last_marks(text: str) -> str:
    """`text` without spaces and punctuation at its end; the mark in `5!`, and dots in a row, say something.

    A loop, since a pattern tries each of many marks as its start.
    """
    end = len(text)
    while end and _says_nothing(text[end - 1], text[end - 2 : end - 1]):
        end -= 1
    return text[:end]


def _says_nothing(mark: str, before: str) -> bool:
    """Whether `mark` at the end of a text, behind the character `before`, is a space or plain punctuation."""
    if mark.isspace() or mark in ",;:?":
        return True
    if mark not in ".!" or not before:
        return False
    letter = before.isalnum() and not before.isdecimal()
    return letter or before in "])\"'%*`" or (before.isdecimal() if mark == "." else before in "!?")


def _shorter(match: re.Match[str]) -> str:
    """A decimal without its last zeros."""
    return match[0].rstrip("0").rstrip(".")


def find(response: str, fallback: Fallback) -> Extraction:
    """The marked answer, or the whole response where it is one short line and nothing is marked."""
    found = extract(response, fallback=fallback)
    rest = after_thinking(response)
    if found.answer is not None or rest is None or found.unclosed:
        return found
    line = rest.strip()
    if line and len(line) <= _LONGEST_BARE and "\n" not in line:
        return Extraction(line, "bare")
    return found


def _references(reference: str | Sequence[str]) -> list[str]:
    wanted = [reference] if isinstance(reference, str) else reference
    if (
        not isinstance(wanted, list | tuple)
        or not wanted
        or not all(isinstance(text, str) for text in wanted)
    ):
        raise ValueError(
            f"A text reference is a string or a list of strings, not {clip(repr(reference), 200)}."
        )
    return [text.strip() for text in wanted]

"""The fenced blocks of Markdown, where a fence inside of a program's own text is part of the program."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verifiers.code.languages import KNOWN, language_called
from verifiers.code.python_prompt import parses
from verifiers.sandbox.types import Language

_FENCE = re.compile(
    r"^(?P<indent>[ \t]{0,40})(?P<tag><answer>[ \t]*)?(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\n]*)$", re.MULTILINE
)
_ONE_LINE = re.compile(
    r"(?P<language>[A-Za-z0-9+#]{1,20}(?=[ \t]))?(?P<code>[^`]+)`{3,}[ \t]*(?:</answer>.*)?"
)
_AFTER_CLOSING = re.compile(
    r"[ \t\r]*(?:</answer>.*|<\|.*|[.!])?"
)  # the tag's end, or a token that ends a turn
_LANGUAGE = re.compile(r"[ \t]*\{?\.?([A-Za-z0-9+#]*)")

_QUOTED = r"""|"(?:\\.|[^"\\\n])*+"?|'(?:\\.|[^'\\\n])*+'?"""
_PYTHON_TEXT = re.compile(
    r"""\#[^\n]*+|(?P<long>(?P<quotes>\"{3}|'{3})(?:\\.|[^\\])*?(?:(?P=quotes)|(?P<unclosed>\\?\Z)))"""
    + _QUOTED,
    re.DOTALL,
)
_C_TEXT = re.compile(r"//[^\n]*+|(?P<long>/\*.*?(?:\*/|(?P<unclosed>\Z)))" + _QUOTED, re.DOTALL)
_MOST_LOOKED_INTO = 16
"""Blocks of a response whose texts are looked for, as each look may go on to the end of the response."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language as written, in small letters; its content; where in the text it stands."""

    language: str
    content: str
    start: int
    end: int
    closed: bool = True


def fenced_blocks(text: str, language: Language = "python") -> Iterator[Block]:
    """The fenced blocks of Markdown in order: three or more backticks or tildes, closed by as many.

    An opening fence may be indented, which is taken off its content, or stand behind `<answer>`; a closing
    one may stand before `</answer>`. A block that is not closed comes last, with what there is of it.
    A fence does not close a block within a text of several lines or a comment, such as the examples of a docstring.
    `language` is that of blocks that name none.
    """
    fences = list(_FENCE.finditer(text))
    left = _MOST_LOOKED_INTO
    number = 0
    while number < len(fences):
        opening = fences[number]
        number += 1
        if "`" in opening["info"]:
            if one := _ONE_LINE.fullmatch(opening["info"]):
                yield _one_line(one, opening)
            continue
        closing = _closing(fences, number, opening)
        if closing is None:
            content = text[opening.end() + 1 :]
            yield Block(_language(opening), content, opening.start("fence"), len(text), closed=False)
            return
        kind = language_called(_language(opening)) or language
        if left and _may_hold_a_fence(text, opening.end(), fences[closing].start(), kind):
            left -= 1
            closing = _closing_outside_text(text, fences, opening, closing, kind)
        end = fences[closing]
        content = _unindented(text[opening.end() + 1 : end.start()], opening["indent"])
        yield Block(_language(opening), content, opening.start("fence"), end.end("fence"))
        number = closing + 1


def begins_within_text(text: str, block: Block, language: Language) -> bool:
    """Whether the fence that opens the block stands in a text or comment, so that `text` as a whole may be code."""
    pieces = _text_of(language).finditer(text)
    piece = next((piece for piece in pieces if piece.end() > block.start), None)
    return piece is not None and piece.start() < block.start and piece["long"] is not None


def _one_line(one: re.Match[str], opening: re.Match[str]) -> Block:
    language = (one["language"] or "").lower()
    known = language in KNOWN
    code = one["code"] if known else (one["language"] or "") + one["code"]
    return Block(language if known else "", code.strip(), opening.start(), opening.end())


def _closing(fences: Sequence[re.Match[str]], number: int, opening: re.Match[str]) -> int | None:
    """The place of the first fence from `number` on that may close the block."""
    return next((place for place in range(number, len(fences)) if _closes(fences[place], opening)), None)


def _closes(line: re.Match[str], opening: re.Match[str]) -> bool:
    return (
        line["tag"] is None
        and line["fence"].startswith(opening["fence"])
        and _AFTER_CLOSING.fullmatch(line["info"]) is not None
    )


def _text_of(language: Language) -> re.Pattern[str]:
    return _PYTHON_TEXT if language == "python" else _C_TEXT


def _may_hold_a_fence(text: str, start: int, end: int, language: Language) -> bool:
    """Whether something that may go over several lines is begun between the two places."""
    marks = ('"""', "'''") if language == "python" else () if language == "bash" else ("/*",)
    return any(text.find(mark, start, end) >= 0 for mark in marks)


def _closing_outside_text(
    text: str, fences: Sequence[re.Match[str]], opening: re.Match[str], first: int, language: Language
) -> int:
    """The place of the fence that closes the block: the `first` one, unless that is part of a text of the program.

    A text that is never closed holds nothing, and the fences in one open and close in turn. Besides, Python is believed
    where the program can be parsed with the fences that its texts hold, and cannot without them; elsewhere a text has
    to close all that it opens.
    """
    start = opening.end() + 1
    place = first
    number = first  # of the first fence that does not stand before the next piece
    while number and fences[number - 1].start() > opening.start():
        number -= 1
    for piece in _text_of(language).finditer(text, start):
        if piece.start() > fences[place].start():
            break
        if piece["long"] is None:
            continue
        begin = _first_from(fences, number, piece.start())
        number = _first_from(fences, begin, piece.end())
        if number <= place:
            continue
        if piece["unclosed"] is not None or not _in_turn(fences[begin:number], language):
            return first
        after = _closing(fences, number, opening)
        if after is None:
            return first
        place = after
    if place == first or language != "python":
        return place
    whole, cut = (_unindented(text[start : fences[n].start()], opening["indent"]) for n in (place, first))
    return place if _is_python(whole) and not _is_python(cut) else first


def _first_from(fences: Sequence[re.Match[str]], number: int, start: int) -> int:
    """The number of the first fence, from `number` on, that stands at `start` or behind."""
    return next((n for n in range(number, len(fences)) if fences[n].start() >= start), len(fences))


def _in_turn(fences: Sequence[re.Match[str]], language: Language) -> bool:
    """Whether every second fence closes the one before it, and but for Python none is left."""
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return all(_closes(second, first) for first, second in pairs) and (
        language == "python" or len(fences) % 2 == 0
    )


def _is_python(content: str) -> bool:
    """Whether it is Python: a program, or the body of a function."""
    return parses(content) or parses(f"if True:\n{content}")


def _language(opening: re.Match[str]) -> str:
    match = _LANGUAGE.match(opening["info"])
    name = match[1].lower() if match else ""
    return name if name in KNOWN else _bare(name)


def _bare(name: str) -> str:
    """A language without the version of it, such as `c++` of `c++17`; other words as they are."""
    bare = name.rstrip("0123456789")
    return bare if bare in KNOWN else name


def _unindented(content: str, indent: str) -> str:
    """The content without the indentation of its fence, as far as a line has it."""
    if not indent:
        return content
    return re.sub(rf"^[ \t]{{1,{len(indent)}}}", "", content, flags=re.MULTILINE)

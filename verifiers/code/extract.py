"""Find the program in a response.

Looked for after the thinking, in this order: what stands between the last `<answer>` and its `</answer>`, outside
fenced blocks (a block in there, else all of it); the last fenced block of the language; the last one without a
language; the whole response, where it plausibly is code and nothing else. A tag or block that is begun last
and not closed is no program. Every step is linear in the length of the response.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from verifiers.extract import Extraction, after_thinking
from verifiers.sandbox.types import Language

How = Literal["answer_tag", "fenced", "fenced_no_language", "whole", "none"]

ALIASES: dict[Language, tuple[str, ...]] = {
    "python": ("python", "py", "python3", "py3"),
    "cpp": ("cpp", "c++", "cc", "cxx", "c"),
    "java": ("java",),
    "javascript": ("javascript", "js", "node", "nodejs"),
    "typescript": ("typescript", "ts"),
    "php": ("php",),
    "bash": ("bash", "sh", "shell"),
    "csharp": ("csharp", "c#", "cs"),
}
"""What a fenced block of each language may be called, in small letters."""

LONGEST_WHOLE = 50_000
"""Characters of a response that is looked at for being code as a whole."""

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
_TAG = re.compile(r"</?answer>")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SCRIPT = r"(?:const|let|var) [\w{\[].*=|(?:async )?function\b.*\("
_OPENS = {
    "cpp": re.compile(r"#\s*(?:include|define|pragma)\b|using namespace \w+;|template\s*<"),
    "java": re.compile(r"(?:import|package) [\w.*]+;|(?:public |final |abstract )*(?:class|record|interface) \w+"),
    "javascript": re.compile(rf"['\"]use strict['\"]|{_SCRIPT}|class \w+.*\{{"),
    "typescript": re.compile(rf"{_SCRIPT}|(?:class|interface) \w+.*\{{|type \w+ ="),
    "php": re.compile(r"<\?php\b"),
    "bash": re.compile(r"#!.*\b(?:ba)?sh\b"),
    "csharp": re.compile(r"using [\w.]+;|namespace \w|(?:public |static )*class \w+"),
}  # fmt: skip
_ENDS = {"php": ("}", ";", "?>"), "bash": ("",)}


@dataclass(frozen=True, slots=True)
class Code:
    """The program's text, how it was found and, where there is none, why (one sentence).

    `unclosed`: there is none because thinking, a tag or a block was begun and not closed. `in_thought`: it is thinking.
    """

    text: str | None
    how: How
    reason: str = ""
    unclosed: bool = False
    in_thought: bool = False

    def as_extraction(self) -> Extraction:
        """As the other verifiers say that nothing was found."""
        return Extraction(None, "none", self.reason, self.unclosed, self.in_thought)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language as written, in small letters; its content; where in the text it stands."""

    language: str
    content: str
    start: int
    end: int
    closed: bool = True


def language_called(name: str) -> Language | None:
    """The language of this name or alias, such as `csharp` of `cs`; None where there is none."""
    return next((language for language, names in ALIASES.items() if name.lower() in names), None)


def extract_code(response: str, language: Language = "python", *, prompt: str = "") -> Code:
    """The program of `language` in `response`.

    `prompt` is what the program continues, such as a function's head: it may start in the middle then.
    """
    text = after_thinking(response)
    if text is None:
        return Code(None, "none", "The thinking is not closed.", unclosed=True, in_thought=True)
    blocks = list(fenced_blocks(text))
    tagged = _answer_tag(text, blocks)
    if tagged is not None:
        inside, start, end = tagged
        if end is None:
            return _none("The last <answer> is not closed.", unclosed=True)
        within = [block for block in blocks if start <= block.start and block.end <= end]
        found = _fenced(within, language)
        return (
            found if found is not None and found.text is not None else Code(_untagged(inside), "answer_tag")
        )
    return _fenced(blocks, language) or _whole(text, language, prompt)


def fenced_blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of Markdown in order: three or more backticks or tildes, closed by as many.

    An opening fence may be indented, which is taken off its content, or stand behind `<answer>`; a closing
    one may stand before `</answer>`. A block that is not closed comes last, with what there is of it.
    """
    opening: re.Match[str] | None = None
    for line in _FENCE.finditer(text):
        if opening is None:
            if "`" not in line["info"]:
                opening = line
            elif one := _ONE_LINE.fullmatch(line["info"]):
                language = one["language"] or ""
                known = language.lower() in _KNOWN
                code = one["code"] if known else language + one["code"]
                yield Block(language.lower() if known else "", code.strip(), line.start(), line.end())
        elif _closes(line, opening):
            content = _unindented(text[opening.end() + 1 : line.start()], opening["indent"])
            yield Block(_language(opening), content, opening.start("fence"), line.end("fence"))
            opening = None
    if opening is not None:
        yield Block(
            _language(opening), text[opening.end() + 1 :], opening.start("fence"), len(text), closed=False
        )


def _closes(line: re.Match[str], opening: re.Match[str]) -> bool:
    return (
        line["tag"] is None
        and line["fence"].startswith(opening["fence"])
        and _AFTER_CLOSING.fullmatch(line["info"]) is not None
    )


def _language(opening: re.Match[str]) -> str:
    found = _LANGUAGE.match(opening["info"])
    name = found[1].lower() if found else ""
    return name if name in _KNOWN else _bare(name)


def _bare(name: str) -> str:
    """A language without the version of it, such as `c++` of `c++17`; other words as they are."""
    bare = name.rstrip("0123456789")
    return bare if bare in _KNOWN else name


def _unindented(content: str, indent: str) -> str:
    """The content without the indentation of its fence, as far as a line has it."""
    if not indent:
        return content
    return re.sub(rf"^[ \t]{{1,{len(indent)}}}", "", content, flags=re.MULTILINE)


def _answer_tag(text: str, blocks: list[Block]) -> tuple[str, int, int | None] | None:
    """The last `<answer>` outside fenced blocks: what it holds, from where to where (None: it is not closed)."""
    start, end = -1, None
    coming = iter(blocks)
    block = next(coming, None)
    for tag in _TAG.finditer(text):
        while block is not None and block.end <= tag.start():
            block = next(coming, None)
        if block is not None and block.start <= tag.start():
            continue
        if tag[0] == "<answer>":
            start, end = tag.end(), None
        elif start >= 0 and end is None:
            end = tag.start()
    if start < 0:
        return None
    return text[start:end], start, end


def _fenced(blocks: list[Block], language: Language) -> Code | None:
    """The block to take; None where there is none at all."""
    if not blocks:
        return None
    if not blocks[-1].closed:
        return _none("The last fenced block is not closed.", unclosed=True)
    names = ALIASES[language]
    for block in reversed(blocks):
        if block.language in names:
            return Code(block.content, "fenced")
    for block in reversed(blocks):
        if not block.language:
            return Code(block.content, "fenced_no_language")
    return _none(f"No fenced block is {language}; the last one is {blocks[-1].language}.")


def _untagged(inside: str) -> str:
    """What an `<answer>` holds. Spaces that part its first line from the tag are no indentation."""
    return inside.lstrip(" \t").strip("\n").rstrip() if inside[:1] in " \t" else inside.strip("\n").rstrip()


def _whole(text: str, language: Language, prompt: str) -> Code:
    if not text.strip():
        return _none("The response is empty.")
    if len(text) <= LONGEST_WHOLE:
        plausible = _is_python(text, prompt) if language == "python" else _looks_like(text, language)
        if plausible:
            return Code(text, "whole")
    return _none("The response has no fenced block, and is not code as a whole.")


def _is_python(text: str, prompt: str) -> bool:
    """Whether `text`, or `prompt` with `text`, can be parsed and has a statement that is more than a value."""
    start = prompt + "\n" if prompt and not prompt.endswith("\n") else prompt
    return any(_has_statement(program) for program in dict.fromkeys((start + text, text)))


def _has_statement(program: str) -> bool:
    # Python warns of odd escapes in strings as it parses; their content is of no interest here.
    plain = _ESCAPE.sub(lambda escape: escape[0] if escape[1] in "\n\\'\"" else escape[1], program)
    try:
        statements = ast.parse(plain).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(not isinstance(one, ast.Expr) or isinstance(one.value, ast.Call) for one in statements)


def _looks_like(text: str, language: Language) -> bool:
    """Whether the first line is typical of the language, comments left out, and the last one may end a program."""
    lines = [line.strip() for line in text.strip().splitlines()]
    first = next((line for line in lines if line and not line.startswith(("//", "/*", "*"))), "")
    return _OPENS[language].match(first) is not None and lines[-1].endswith(_ENDS.get(language, ("}", ";")))


def _none(reason: str, *, unclosed: bool = False) -> Code:
    return Code(None, "none", reason, unclosed)


_KNOWN = frozenset(name for names in ALIASES.values() for name in names)

"""Choose among the fenced blocks of a response: the last one that defines what the tests call.

Blocks that it builds on, such as imports or a helper in a block of their own, are put before it. A block that only
uses the program, such as an example of a call, is no answer. Where the tests run the program as a whole, it is the last
block that is one: it reads the input and prints.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from verifiers.code.blocks import Block
from verifiers.code.languages import ALIASES
from verifiers.code.outline import Outline, given_by, outline, reached, without_headers
from verifiers.sandbox.types import Language

MOST = 64
"""Blocks that are looked at; more are rather a sample that repeats itself, of which the last ones count."""

_MAIN: dict[Language, str] = {"cpp": "main", "java": "main", "csharp": "Main"}
_READS: dict[Language, frozenset[str]] = {
    "python": frozenset({"input", "stdin", "open", "fileinput", "read", "argv"}),
    "javascript": frozenset({"stdin", "readFileSync", "readline", "createInterface", "prompt"}),
    "typescript": frozenset({"stdin", "readFileSync", "readline", "createInterface", "prompt"}),
    "php": frozenset(
        {"STDIN", "stdin", "readline", "fgets", "fscanf", "file_get_contents", "stream_get_contents"}
    ),
    "bash": frozenset({"read", "mapfile", "readarray", "stdin", "cat", "awk", "bc", "tr", "sort"}),
}
_PRINTS = frozenset({"print", "stdout", "write", "writelines"})
_PUBLIC = re.compile(
    r"^([ \t]*)public[ \t]+(?=(?:(?:abstract|final|sealed|static)[ \t]+)*(?:class|interface|enum|record)\b)",
    re.MULTILINE,
)
_PHP_TAG = re.compile(r"\A\s*<\?(?:php\b)?|\?>\s*\Z")


@dataclass(frozen=True, slots=True)
class Choice:
    """The program's text; whether it was joined from several blocks, is tagged, and defines what was asked for."""

    text: str
    joined: bool
    tagged: bool
    defines: bool


def choose(
    blocks: Sequence[Block], language: Language, functions: Collection[str] = (), prompt: str = ""
) -> Choice | None:
    """The program among closed blocks; None where none of them is of the language.

    `functions` are the names of which the program defines at least one, none where it is run as a whole. `prompt` is
    source that the program goes on from.
    """
    pieces = _Pieces(_candidates(blocks, language, functions, prompt), language, functions, prompt)
    if not pieces:
        return None
    if len(pieces) == 1:
        return pieces.alone(0)
    place = pieces.last_definition() if functions else pieces.last_program()
    if place is not None:
        return pieces.with_what_it_builds_on(place)
    return pieces.alone(pieces.last_body() if functions else pieces.last())


def has_head(source: str, language: Language, functions: Collection[str]) -> bool:
    """Whether a line of Python begins one of the functions, which saves a look at all of the source."""
    return language == "python" and any(
        re.search(rf"^(?:async[ \t]+)?def[ \t]+{re.escape(name)}\b", source, re.MULTILINE)
        for name in functions
    )


def defines_one_of(source: str, language: Language, functions: Collection[str]) -> bool:
    """Whether the source defines a function of one of these names, or a class `Solution` that has it."""
    return _defines(outline(source, language), functions)


def _candidates(
    blocks: Sequence[Block], language: Language, functions: Collection[str], prompt: str
) -> list[Block]:
    """The last blocks that may be the program: those that are of the language, or name none.

    Without any, those that define the function, whatever they are called, and else all that may go on from the prompt.
    """
    names = ALIASES[language]
    named = [block for block in blocks if block.language in names or not block.language]
    if not named and functions:
        others = blocks[-MOST:]
        named = [block for block in others if defines_one_of(block.content, language, functions)]
        named = named or [block for block in others if prompt]
    return named[-MOST:]


def _is_python_program(pieces: Sequence[Outline]) -> bool:
    names = reached(pieces)
    return bool(names & _READS["python"]) and bool(names & _PRINTS)


def _defines(of: Outline, functions: Collection[str]) -> bool:
    return any(name in of.defines or f"Solution.{name}" in of.defines for name in functions)


class _Pieces:
    """The blocks of one response that may be the program, with their outlines."""

    def __init__(
        self, blocks: Sequence[Block], language: Language, functions: Collection[str], prompt: str
    ) -> None:
        self._blocks = blocks
        self._language = language
        self._functions = functions
        self._prompt = prompt
        self._outlines: dict[int, Outline] = {}

    def __len__(self) -> int:
        return len(self._blocks)

    def alone(self, place: int) -> Choice:
        """The block without any other."""
        defines = has_head(self._blocks[place].content, self._language, self._functions) or (
            bool(self._functions) and _defines(self._outline(place), self._functions)
        )
        return self._choice(self._blocks[place].content, place, joined=False, defines=defines)

    def last(self) -> int:
        """The last block that names the language, else the last one."""
        place = self._last_where(lambda place: bool(self._blocks[place].language))
        return len(self) - 1 if place is None else place

    def last_definition(self) -> int | None:
        """The last block that defines one of the functions."""
        return self._last_where(lambda place: _defines(self._outline(place), self._functions))

    def last_body(self) -> int:
        """The last block that does not name the function, so that it is no example of a call; else the last one."""
        names = {name.rpartition(".")[2] for name in self._functions}
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
        place = self._last_where(
            lambda place: (
                bool(self._blocks[place].content.strip())
                and bool(self._blocks[place].language)
                and pattern.search(self._blocks[place].content) is None
            )
        )
        return self.last() if place is None else place

    def last_program(self) -> int | None:
        """The last block that is a whole program, with those that it builds on.

        A block that builds on a program which is whole without it is an example of its use.
        """
        return self._last_where(self._is_program)

    def with_what_it_builds_on(self, place: int) -> Choice:
        """The block behind those that define what it uses."""
        before = self._before(place)
        text = self._joined(before, place)
        return self._choice(text, place, joined=bool(before), defines=bool(self._functions))

    def _choice(self, text: str, place: int, *, joined: bool, defines: bool) -> Choice:
        return Choice(text, joined, bool(self._blocks[place].language), defines)

    def _last_where(self, holds: Callable[[int], bool]) -> int | None:
        return next((place for place in reversed(range(len(self))) if holds(place)), None)

    def _outline(self, place: int) -> Outline:
        if place not in self._outlines:
            self._outlines[place] = outline(self._blocks[place].content, self._language)
        return self._outlines[place]

    def _is_program(self, place: int) -> bool:
        if not self._blocks[place].language and any(block.language for block in self._blocks):
            return False  # an example of input or output
        if self._language in _MAIN:
            return _MAIN[self._language] in self._outline(place).defines
        if self._language != "python":
            return bool(self._outline(place).runs & _READS[self._language])
        before = self._before(place)
        whole = [self._outline(other) for other, headers_alone in before.items() if not headers_alone]
        return _is_python_program([*whole, self._outline(place)]) and not _is_python_program(whole)

    def _before(self, place: int) -> dict[int, bool]:
        """The blocks that this one builds on, in order, and whether their imports are all that it needs of them.

        The nearest block before it that defines a name is meant, else one behind it.
        """
        own = self._outline(place)
        there = own.defines | own.imports
        if self._language == "python":
            there |= given_by(self._prompt)
        needed = set(own.uses - there)
        taken: dict[int, bool] = {}
        order = [*reversed(range(place)), *range(place + 1, len(self))]
        while (found := self._next(needed, order, taken, own)) is not None:
            other, headers_alone = found
            taken[other] = headers_alone
            piece = self._outline(other)
            there = there | piece.imports | (frozenset() if headers_alone else piece.defines)
            needed = (needed | (set() if headers_alone else set(piece.uses))) - there
        if self._language != "python" and not own.headers:
            rest = (other for other in range(place) if other not in taken and self._outline(other).headers)
            taken.update((other, True) for other in rest)
        return dict(sorted(taken.items()))

    def _next(
        self, needed: set[str], order: Iterable[int], taken: dict[int, bool], own: Outline
    ) -> tuple[int, bool] | None:
        """A block more that defines or imports a needed name."""
        for other in order:
            if taken.get(other) is False:
                continue
            piece = self._outline(other)
            if needed & piece.defines and (self._language == "python" or not own.defines & piece.defines):
                return other, False
            if other not in taken and (needed & piece.imports or (needed and "*" in piece.imports)):
                return other, True
        return None

    def _joined(self, before: dict[int, bool], place: int) -> str:
        """The source of the blocks, this one last."""
        sources = [
            self._outline(other).headers if headers_alone else self._blocks[other].content
            for other, headers_alone in before.items()
        ]
        if not sources:
            return self._blocks[place].content
        return joined([*sources, self._blocks[place].content], self._language)


def joined(sources: Sequence[str], language: Language) -> str:
    """The sources as one program, the last one being what the others are for."""
    ended = [source if source.endswith("\n") else f"{source}\n" for source in sources]
    if language == "php":
        return "<?php\n" + "\n".join(_PHP_TAG.sub("", source) for source in ended)
    if language in ("java", "csharp"):  # imports stand first, and one class of a file is public
        headers = "".join(outline(source, language).headers for source in ended)
        bodies = [without_headers(source, language) for source in ended]
        return "".join((headers, *(_PUBLIC.sub(r"\1", body) for body in bodies[:-1]), bodies[-1]))
    return "".join(ended)

"""Find the program in a response.

Looked for after the thinking, in this order: what stands between the last `<answer>` and its `</answer>`, outside
fenced blocks (a block in there, else all of it); the fenced block that `verifiers.code.choose` takes, with those that
it builds on; the whole response, where it plausibly is code and nothing else. A tag or block that is begun last and
not closed is no program. Every step is linear in the length of the response.
"""

import ast
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from verifiers.code.blocks import Block, begins_within_text, fenced_blocks
from verifiers.code.choose import choose, defines_one_of, has_head
from verifiers.code.languages import ALIASES
from verifiers.code.python_prompt import as_body, parsed
from verifiers.extract import Extraction, after_thinking
from verifiers.sandbox.types import Language

How = Literal["answer_tag", "fenced", "fenced_no_language", "joined", "whole", "given", "none"]
"""How a program was found. `joined`: in several fenced blocks; `given`: the text is the program."""

LONGEST_WHOLE = 50_000
"""Characters of a response that is looked at for being code as a whole."""

_TAG = re.compile(r"</?answer>")
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
_LINE_ENDS = ("{", "}", ";", "(", ")", ",")
_ENDS = {"php": ("}", ";", "?>"), "bash": ("",)}


@dataclass(frozen=True, slots=True)
class Code:
    """The program's text, how it was found and, where there is none, why (one sentence).

    `unclosed`: there is none because thinking, a tag or a block was begun and not closed. `in_thought`: it is thinking.
    `goes_on`: it is the body of the function that the prompt begins (in another language than Python, whose prompts
    stand before every program).
    """

    text: str | None
    how: How
    reason: str = ""
    unclosed: bool = False
    in_thought: bool = False
    goes_on: bool = False

    def as_extraction(self) -> Extraction:
        """As the other verifiers say that nothing was found."""
        return Extraction(None, "none", self.reason, self.unclosed, self.in_thought)


def extract_code(
    response: str,
    language: Language = "python",
    *,
    prompt: str = "",
    functions: Collection[str] = (),
) -> Code:
    """The program of `language` in `response`.

    `prompt` is what the program continues, such as a function's head: it may start in the middle then. `functions` are
    the names of which it defines at least one, such as the function that tests call; without any, it is run as a whole.
    """
    text = after_thinking(response)
    if text is None:
        return Code(None, "none", "The thinking is not closed.", unclosed=True, in_thought=True)
    blocks = list(fenced_blocks(text, language))
    tagged = _answer_tag(text, blocks)
    if tagged is not None:
        inside, start, end = tagged
        if end is None:
            return _none("The last <answer> is not closed.", unclosed=True)
        within = [block for block in blocks if start <= block.start and block.end <= end]
        found = _fenced(within, language, functions, prompt)
        if found is None or found.text is None:
            found = Code(_untagged(inside), "answer_tag")
    elif len(blocks) == 1 and _is_end_of_block(blocks[0]):
        found = _whole(text[: blocks[0].start], language, functions, prompt)
        if found.text is None:
            found = _none("The last fenced block is not closed.", unclosed=True)
    elif blocks and not _is_code_around_fences(text, blocks[0], language, prompt):
        found = _fenced(blocks, language, functions, prompt) or _none("The response has no fenced block.")
    else:
        found = _whole(text, language, functions, prompt)
    return _going_on(found, language, functions, prompt)


def given_code(
    text: str, language: Language = "python", *, prompt: str = "", functions: Collection[str] = ()
) -> Code:
    """A text that is the program, without anything around it; the parameters are those of `extract_code`."""
    return _going_on(Code(text, "given"), language, functions, prompt)


def _going_on(found: Code, language: Language, functions: Collection[str], prompt: str) -> Code:
    """The program, said to go on from the prompt where it is the body of a function alone."""
    if found.text is None or not functions or not prompt:
        return found
    if language == "python":
        return (
            found if has_head(found.text, language, functions) else replace(found, text=as_body(found.text))
        )
    return replace(found, goes_on=not defines_one_of(found.text, language, functions))


def _is_end_of_block(block: Block) -> bool:
    """Whether a lone fence ends the response, as where the response goes on in the block that a prompt has begun."""
    return not (block.closed or block.language or block.content.strip())


def _is_code_around_fences(text: str, first: Block, language: Language, prompt: str) -> bool:
    """Whether the response is code as a whole, whose texts or comments hold what looks like fenced blocks."""
    if len(text) > LONGEST_WHOLE or not begins_within_text(text, first, language):
        return False
    return _is_python(text, prompt) if language == "python" else _looks_like(text, language)


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


def _fenced(
    blocks: Sequence[Block], language: Language, functions: Collection[str], prompt: str
) -> Code | None:
    """The program in the blocks; None where there is no block at all."""
    if not blocks:
        return None
    closed = [block for block in blocks if block.closed]
    choice = choose(closed, language, functions, prompt)
    if not blocks[-1].closed and not (
        choice is not None and choice.defines and _only_uses(blocks[-1], language, functions)
    ):
        return _none("The last fenced block is not closed.", unclosed=True)
    if choice is None:
        return _none(f"No fenced block is {language}; the last one is {blocks[-1].language}.")
    return Code(
        choice.text, "joined" if choice.joined else "fenced" if choice.tagged else "fenced_no_language"
    )


def _only_uses(block: Block, language: Language, functions: Collection[str]) -> bool:
    """Whether a block that was cut off is an example of a call, or in another language, and no other answer."""
    if block.language and block.language not in ALIASES[language]:
        return True
    named = any(re.search(rf"\b{re.escape(name.rpartition('.')[2])}\b", block.content) for name in functions)
    return named and not defines_one_of(block.content, language, functions)


def _untagged(inside: str) -> str:
    """What an `<answer>` holds. Spaces that part its first line from the tag are no indentation."""
    return inside.lstrip(" \t").strip("\n").rstrip() if inside[:1] in " \t" else inside.strip("\n").rstrip()


def _whole(text: str, language: Language, functions: Collection[str], prompt: str) -> Code:
    if not text.strip():
        return _none("The response is empty.")
    if len(text) <= LONGEST_WHOLE:
        if language == "python":
            plausible = _is_python(text, prompt)
        else:
            plausible = _looks_like(text, language) or _looks_like_function(text, language, functions, prompt)
        if plausible:
            return Code(text, "whole")
    return _none("The response has no fenced block, and is not code as a whole.")


def _is_python(text: str, prompt: str) -> bool:
    """Whether `text`, or `prompt` with `text`, can be parsed and has a statement that is more than a value."""
    start = prompt + "\n" if prompt and not prompt.endswith("\n") else prompt
    return any(_has_statement(program) for program in dict.fromkeys((start + text, text)))


def _has_statement(program: str) -> bool:
    tree = parsed(program)
    return tree is not None and any(
        not isinstance(one, ast.Expr) or isinstance(one.value, ast.Call) for one in tree.body
    )


def _looks_like(text: str, language: Language) -> bool:
    """Whether the first line is typical of the language, comments left out, and the last one may end a program."""
    lines = [line.strip() for line in text.strip().splitlines()]
    first = next((line for line in lines if line and not line.startswith(("//", "/*", "*"))), "")
    return _OPENS[language].match(first) is not None and lines[-1].endswith(_ENDS.get(language, ("}", ";")))


def _looks_like_function(text: str, language: Language, functions: Collection[str], prompt: str) -> bool:
    """Whether it may be one of the functions without anything around it, or a body that goes on from the prompt."""
    if not functions or not (prompt or defines_one_of(text, language, functions)):
        return False
    first, last = text.strip("\n").split("\n", 1)[0], text.rstrip().rsplit("\n", 1)[-1].strip()
    begins = (
        first[:1] in " \t" or first.rstrip().endswith(_LINE_ENDS) or first.startswith(("//", "/*", "#", "@"))
    )
    return begins and last.endswith(_ENDS.get(language, ("}", ";")))


def _none(reason: str, *, unclosed: bool = False) -> Code:
    return Code(None, "none", reason, unclosed)

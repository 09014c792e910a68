r"""Find the final answer in a whole response.

Tried in this order, on the text after the thinking: the last `<answer>…</answer>`, the last `\boxed{…}` or
`\fbox{…}`, the last `#### …`, the last "the answer is …" (English and Chinese). Fallbacks are only used when
asked for. Every step is linear in the length of the response.
"""

import re
from collections import deque
from dataclasses import dataclass
from typing import Literal

How = Literal["answer_tag", "boxed", "hash", "phrase", "bare", "last_line", "last_number", "none"]
Fallback = Literal["none", "last_line", "last_number"]

# DeepSeek-R1, Qwen and this suite; Kimi.
THINKING = (("<think>", "</think>"), ("◁think▷", "◁/think▷"))

_PHRASE = re.compile(
    r"(?:final\s{1,3})?answer(?:\s{0,3}\*\*)?\s{0,3}(?:is\s{0,3}[:：]?|[:：=])(?!\w)"
    r"|final\s{1,3}answer\s{0,3}\*\*"
    r"|(?:最终|最后)?的?答案\s{0,3}(?:应?该?[是为][:：]?|[:：])"
    r"|最终答案",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?(?:\d{1,30}(?:,\d{3}){0,10}(?:\.\d{1,30})?|\.\d{1,30})(?:/\d{1,30}|%)?")
_SENTENCE_END = re.compile(r"(?<!\bvs)[.。!！](?=\s|$)|[。！]")
_MATHS_BLOCK = re.compile(r"\$\$?|\\\(|\\\[")
_CLOSING = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_LONGEST_PHRASE_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class Extraction:
    """The answer text, how it was found and, where there is none, why (one sentence)."""

    answer: str | None
    how: How
    reason: str = ""


def extract(response: str, *, fallback: Fallback = "none") -> Extraction:
    """The final answer in `response`.

    Unclosed thinking, an unclosed `<answer>` and an unclosed box are no answer. `fallback` says what to take
    where nothing marks an answer: nothing, the last line that is not empty, or the last number.
    """
    text = after_thinking(response)
    if text is None:
        return Extraction(None, "none", "The thinking is not closed.")
    for find in (_tagged, _boxed, _hashed, _phrased):
        if (found := find(text)) is not None:
            return found
    if fallback == "last_line":
        return _last_line(text)
    if fallback == "last_number":
        return _last_number(text)
    if fallback != "none":
        raise ValueError(f"The fallback is {fallback!r}; it must be 'none', 'last_line' or 'last_number'.")
    return Extraction(None, "none", "Nothing in the response marks a final answer.")


def after_thinking(response: str) -> str | None:
    """The text after the last closed thinking, all of it if none is marked, None if it is unclosed."""
    for opening, closing in THINKING:
        end = response.rfind(closing)
        if response.find(opening, end + 1) >= 0:
            return None
        if end >= 0:
            response = response[end + len(closing) :]
    return response


def last_box(text: str) -> Extraction | None:
    r"""The content of the last `\boxed` or `\fbox` in `text`; None where there is none."""
    start = max(text.rfind("\\boxed"), text.rfind("\\fbox"))
    if start < 0:
        return None
    start += len("\\boxed") if text.startswith("\\boxed", start) else len("\\fbox")
    while start < len(text) and text[start] in " \t\n":
        start += 1
    if not text.startswith("{", start):
        return _box_without_braces(text, start)
    end = closing_brace(text, start)
    if end is None:
        return Extraction(None, "none", "The last box is not closed.")
    return Extraction(text[start + 1 : end].strip(), "boxed")


def closing_brace(text: str, start: int) -> int | None:
    """The index of the `}` that closes the `{` at `start`; None where there is none."""
    depth = 0
    for match in _BRACE.finditer(text, start):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.start()
    return None


def _tagged(text: str) -> Extraction | None:
    start = text.rfind("<answer>")
    if start < 0:
        return None
    end = text.find("</answer>", start)
    if end < 0:
        return Extraction(None, "none", "The last <answer> is not closed.")
    inner = text[start + len("<answer>") : end].strip()
    if "\\" in inner and (box := last_box(inner)) is not None:
        return box
    return Extraction(inner, "answer_tag")


def _boxed(text: str) -> Extraction | None:
    return last_box(text) if "box" in text else None


def _box_without_braces(text: str, start: int) -> Extraction:
    match = re.compile(r"-?\w{1,50}").match(text, start)
    if match is None:
        return Extraction(None, "none", "The last box is empty.")
    return Extraction(match[0], "boxed")


def _hashed(text: str) -> Extraction | None:
    start = text.rfind("####")
    if start < 0:
        return None
    line = text[start + 4 :].partition("\n")[0].strip()
    return Extraction(line, "hash") if line else None


def _phrased(text: str) -> Extraction | None:
    last = _last_match(_PHRASE, text)
    if last is None:
        return None
    rest = text[last.end() : last.end() + _LONGEST_PHRASE_ANSWER].strip().lstrip(":：").strip()
    answer = _first_statement(rest)
    return Extraction(answer, "phrase") if answer else None


def _last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _first_statement(text: str) -> str:
    """The first formula if `text` starts with one, else the first sentence of its first line."""
    text = text.removeprefix("**").strip()
    if match := _MATHS_BLOCK.match(text):
        end = text.find(_CLOSING[match[0]], match.end())
        tail = text[end + len(match[0]) :].partition("\n")[0] if end > 0 else ""
        # `$3$ or $5$` is a hedge: only a formula that ends its sentence is the answer on its own.
        if end > 0 and tail.lstrip(" *")[:1] in ("", ".", "。"):
            return text[match.end() : end].strip()
    line = text.partition("\n")[0]
    return _SENTENCE_END.split(line, maxsplit=1)[0].replace("**", "").strip()


def _last_line(text: str) -> Extraction:
    lines = text.rstrip().rsplit("\n", 1)
    if line := lines[-1].strip():
        return Extraction(line, "last_line")
    return Extraction(None, "none", "The response is empty.")


def _last_number(text: str) -> Extraction:
    last = _last_match(_NUMBER, text)
    if last is None:
        return Extraction(None, "none", "There is no number in the response.")
    return Extraction(last[0], "last_number")

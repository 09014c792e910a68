"""Judge one response: which of its instructions it follows, strictly or loosely."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Literal

from verifiers.extract import UNFINISHED_THOUGHT, Extraction, after_thinking
from verifiers.identity import Identity, check_response
from verifiers.instructions.reference import Instruction, instructions
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "2"
Mode = Literal["strict", "loose"]
LONGEST = 100_000
"""Characters of a response that is judged; a longer one follows nothing. (The benchmark's are under 10,000.)"""

_SELF = Identity("instructions", VERSION)


def verify(
    response: str,
    reference: Mapping[str, Any],
    *,
    finish_reason: str | None = None,
    mode: Mode = "strict",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge `response`: correct if it follows every instruction of `reference`.

    `thinking_marks` names further marks of thinking, which is not judged. Raises `ValueError` for a malformed
    reference or mode, and `ImportError` that says what to install where an instruction needs a library that is
    missing.
    """
    started = perf_counter()
    wanted = _read(response, reference, mode)
    response = with_marks(response, thinking_marks)
    text = _judged(response)
    if not text:
        unfinished = after_thinking(response) is None
        missing = UNFINISHED_THOUGHT if unfinished else Extraction(None, "none", "The response is empty.")
        return _SELF.missing(missing, finish_reason, started)
    if len(text) > LONGEST:
        reason = f"The response has {len(text)} characters; at most {LONGEST} are judged."
        return _SELF.verdict("wrong", text, mode, reason, started)
    failed = [one.id for one in wanted if not _follows(text, one, mode)]
    if failed:
        reason = f"Does not follow {len(failed)} of {len(wanted)}: {', '.join(failed)}."
        return _SELF.verdict("wrong", text, mode, reason, started)
    reason = f"Follows all {len(wanted)}." if len(wanted) > 1 else f"Follows {wanted[0].id}."
    return _SELF.verdict("correct", text, mode, reason, started)


def check(response: str, reference: Mapping[str, Any], mode: Mode = "strict") -> tuple[bool, ...]:
    """Whether `response` follows each instruction of `reference`, in its order. Raises as `verify` does."""
    wanted = _read(response, reference, mode)
    text = _judged(response)
    if not text or len(text) > LONGEST:
        return (False,) * len(wanted)
    return tuple(_follows(text, one, mode) for one in wanted)


def _read(response: object, reference: Mapping[str, Any], mode: str) -> list[Instruction]:
    check_response(response)
    if mode not in ("strict", "loose"):
        raise ValueError(f"The mode is {mode!r}; it must be 'strict' or 'loose'.")
    return instructions(reference)


def _judged(response: str) -> str:
    """The text to judge: as it stands, or after the thinking and the space that follows it; empty if blank."""
    text = after_thinking(response)
    if text is None or not text.strip():
        return ""
    return text if len(text) == len(response) else text.lstrip()


def _follows(text: str, instruction: Instruction, mode: Mode) -> bool:
    texts = [text] if mode == "strict" else variants(text)
    return any(instruction.follows(one) for one in texts)


def variants(text: str) -> list[str]:
    """What loose mode tries: `text`, without its first line, its last, both; each also without asterisks.

    For a polite line before or after the answer, and Markdown's bold. Blank and repeated ones are left out.
    """
    lines = text.split("\n")
    cut = [text, *("\n".join(kept).strip() for kept in (lines[1:], lines[:-1], lines[1:-1]))]
    tried = dict.fromkeys(form for one in cut for form in (one, one.replace("*", "")))
    return [form for form in tried if form.strip()]

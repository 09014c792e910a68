"""Text answers: equal as written, or equal after normalising spaces, case, punctuation and width."""

import re
import unicodedata
from collections.abc import Sequence
from time import perf_counter
from typing import Literal

from verifiers.extract import Extraction, Fallback, after_thinking, extract
from verifiers.identity import Identity, check_response, quote
from verifiers.verdict import Verdict

VERSION = "1"
Match = Literal["normalised", "exact"]
_SELF = Identity("text", VERSION)
_LONGEST_BARE = 200
_EDGES = " \t\n.,;:!?\"'`*_()[]。，；：！？、“”‘’"
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|textit|mathrm|mbox)\s?\{([^{}]{0,2000})\}")


def verify(
    response: str,
    reference: str | Sequence[str],
    *,
    finish_reason: str | None = None,
    match: Match = "normalised",
    fallback: Fallback = "none",
) -> Verdict:
    """Judge the answer in `response` against `reference`, one text or several of which any will do.

    A response that is a single short line with nothing to mark an answer is taken for the answer.
    Raises `ValueError` for a reference that is not text, or an unknown `match`.
    """
    started = perf_counter()
    check_response(response)
    wanted = _references(reference)
    if match not in ("normalised", "exact"):
        raise ValueError(f"The match is {match!r}; it must be 'normalised' or 'exact'.")
    found = find(response, fallback)
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    if found.answer in wanted:
        return _SELF.verdict("correct", found.answer, "exact", "Equals the reference.", started)
    if match == "normalised" and normalise(found.answer) in {normalise(text) for text in wanted}:
        reason = "Equals the reference up to case, spaces and punctuation."
        return _SELF.verdict("correct", found.answer, "normalised", reason, started)
    reason = f"{quote(found.answer)} is not {quote(wanted[0])}."
    return _SELF.verdict("wrong", found.answer, match, reason, started)


def normalise(text: str) -> str:
    """`text` in one form: NFKC, case folded, single spaces, no punctuation or `\\text` around it."""
    text = unicodedata.normalize("NFKC", text[:10_000])
    text = _LATEX_TEXT.sub(r"\1", text.replace("$", ""))
    return " ".join(text.casefold().split()).strip(_EDGES)


def find(response: str, fallback: Fallback) -> Extraction:
    """The marked answer, or the whole response where it is one short line and nothing is marked."""
    found = extract(response, fallback=fallback)
    rest = after_thinking(response)
    if found.answer is not None or rest is None or "not closed" in found.reason:
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
            f"A text reference is a string or a list of strings, not {quote(repr(reference), 200)}."
        )
    return [text.strip() for text in wanted]

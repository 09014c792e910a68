"""Multiple choice: which letters an answer names, in the usual phrasings."""

import re
from collections.abc import Mapping
from time import perf_counter

from verifiers.extract import Fallback
from verifiers.identity import Identity, check_response, quote
from verifiers.text import find, normalise
from verifiers.verdict import Verdict

VERSION = "1"
_SELF = Identity("choice", VERSION)
_LETTERS = re.compile(r"[A-Z](?:[\s,;/&]{0,4}(?:and\s{1,3})?[A-Z])*")
_WRAPPING = re.compile(
    r"\\(?:text|textbf|mathrm|mathbf|mbox)\s?(?=\{)|[{}$*()\[\]（）【】.。:：`\"']|\\[()\[\],;! ]"
)
_LEAD = re.compile(
    r"^(?:the\s+)?(?:correct\s+)?(?:option|choice|answer|options|choices|answers)?\s*(?:is|are)?\s+|^选项?|^选择",
    re.IGNORECASE,
)
_OPTION_TEXT = re.compile(r"^\(?([A-Z])\)?\s{0,3}[.):：、]\s{0,3}(\S.*)$", re.DOTALL)
_LONGEST = 500


def verify(
    response: str,
    reference: str,
    *,
    finish_reason: str | None = None,
    options: Mapping[str, str] | None = None,
    fallback: Fallback = "none",
) -> Verdict:
    """Judge the letters named in `response` against `reference`: `"B"`, or `"AC"` where several are right.

    `options` maps letters to their texts; with it an answer may be an option's text. Raises `ValueError` for
    a reference that is not one or more capital letters.
    """
    started = perf_counter()
    check_response(response)
    wanted = _reference(reference)
    found = find(response, fallback)
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    named = letters(found.answer, options or {})
    if named is None:
        reason = f"{quote(found.answer)} names no option."
        return _SELF.verdict("wrong", found.answer, "choice", reason, started)
    if named == wanted:
        return _SELF.verdict("correct", found.answer, "choice", f"Names {_show(wanted)}.", started)
    reason = f"Names {_show(named)}, not {_show(wanted)}."
    return _SELF.verdict("wrong", found.answer, "choice", reason, started)


def letters(answer: str, options: Mapping[str, str]) -> frozenset[str] | None:
    """The letters that `answer` names: `B`, `(B)`, `B. a text`, `\\text{B}`, `A and C`, an option's text."""
    if len(answer) > _LONGEST:
        return None
    by_text = [letter for letter, text in options.items() if normalise(text) == normalise(answer)]
    if len(by_text) == 1:
        return frozenset(by_text)
    if match := _OPTION_TEXT.match(answer.strip()):
        return _with_text(match[1], match[2], options)
    plain = _WRAPPING.sub(" ", answer).strip()
    plain = _LEAD.sub("", f"{plain}", count=1).strip() if len(plain) > 1 else plain.upper()
    return frozenset(re.findall(r"[A-Z]", plain.replace("and", ""))) if _LETTERS.fullmatch(plain) else None


def _with_text(letter: str, text: str, options: Mapping[str, str]) -> frozenset[str] | None:
    """`B. a text` names B, unless the text belongs to another option or names one itself."""
    others = {normalise(other) for name, other in options.items() if name != letter}
    hedged = re.search(r"(?:^|\bor\b|\band\b|[,/;])\s{0,3}\(?[A-Z]\)?\s{0,3}(?:$|[.):,])", text)
    return None if normalise(text) in others or hedged else frozenset(letter)


def _reference(reference: str) -> frozenset[str]:
    plain = re.sub(r"[\s,()]", "", reference) if isinstance(reference, str) else ""
    if not re.fullmatch(r"[A-Z]{1,26}", plain):
        raise ValueError(
            f'A choice reference is capital letters such as "B" or "AC", not {quote(repr(reference))}.'
        )
    return frozenset(plain)


def _show(named: frozenset[str]) -> str:
    return " and ".join(sorted(named))

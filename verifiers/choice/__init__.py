r"""Multiple choice: which options a response decides for, and whether they are those of the reference.

`find` says where in the response the decision stands, `reading` which options it names, and `remarks` whether what
follows corrects it or brings in another one.
"""

from collections.abc import Mapping, Sequence
from time import perf_counter

from verifiers.choice.find import FALLBACKS, TAKES, Fallback, Found, Take, find
from verifiers.choice.options import read_options, read_reference, unknown_options
from verifiers.choice.reading import Reading, joined, with_remark
from verifiers.extract import Extraction
from verifiers.identity import Identity, check_response, quote
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "5"
_SELF = Identity("choice", VERSION)


def verify(
    response: str,
    reference: str | Sequence[str],
    *,
    finish_reason: str | None = None,
    options: Mapping[str, str] | Sequence[str] | None = None,
    fallback: Fallback = "none",
    take: Take = "last",
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the options that `response` decides for against `reference`.

    - `reference` is `"B"`; `"AC"`, `"A, C"` or `["A", "C"]` where several are right, all of which are needed, in any
      order; `"none"` where no option is.
    - `options` maps keys to texts, or lists the texts of A, B, C, …; with it an answer may be an option's text, and
      keys may be numbers (`1`, `2`) or Roman numerals. Without it the letters A to J count, or to the last one of the
      reference.
    - `fallback` says what to take where nothing states an answer: nothing, the last line, the last letter that
      stands alone, or the option that is mentioned last in any way.
    - `take` says which answer counts where a response states several: the last, or the first, for base models that
      go on to write further questions with their answers.
    - `thinking_marks` names further marks of thinking.

    The verdict's `answer` is the options named, such as `B` or `A, C`, so that votes can be counted; where none is
    named, it is the text that was read. Raises `ValueError` for a reference, options or a setting of another form.

    >>> verify("The answer is (B).", "B").answer
    'B'
    """
    started = perf_counter()
    check_response(response)
    if fallback not in FALLBACKS:
        raise ValueError(f"The fallback is {fallback!r}; it must be one of {', '.join(FALLBACKS)}.")
    if take not in TAKES:
        raise ValueError(f"The option take is {take!r}; it must be one of {', '.join(TAKES)}.")
    given = read_options(options)
    expected = read_reference(reference, given)
    known = given or unknown_options(expected)
    found = find(with_marks(response, thinking_marks), known, fallback, take)
    if isinstance(found, Extraction):
        return _SELF.missing(found, finish_reason, started)
    reading = found.reading and with_remark(found.reading, found.behind, known)
    correct, layer, reason = _compare(found, reading, expected)
    answer = found.text if reading is None or reading.named is None else _answer(reading.named)
    return _SELF.verdict("correct" if correct else "wrong", answer, layer, reason, started)


def _compare(found: Found, reading: Reading | None, expected: frozenset[str]) -> tuple[bool, str, str]:
    """Whether the options read are the expected ones, the layer that decided, and the reason."""
    if reading is None:
        return False, "letter", f"{quote(found.text)} names no option."
    if reading.named is None:
        return False, reading.layer, reading.reason
    if reading.named == expected:
        return True, reading.layer, f"Names {joined(expected)}."
    return False, reading.layer, f"Names {joined(reading.named)}, not {joined(expected)}."


def _answer(named: frozenset[str]) -> str:
    return ", ".join(sorted(named)) or "none"

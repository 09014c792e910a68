r"""Mathematical answers: find the answer in a response and decide whether it means what the reference means.

Layers, each tried only if those before it leave the question open: `exact` (equal after normalising),
`text`, `rational` (fractions), `structure` (tuples, sets, intervals, equations element by element),
`percent`, `units`, `rounded`, `numeric` (floating point with error bounds, at seeded points), `symbolic`
(sympy) and `math-verify` (formulas beyond our grammar), the last two in worker processes with limits.
`limits` says that something is too large to read. The verdict names the layer that decided.

Rules. A decimal with at least four places equals a value, no integer, that rounds to it; there is no other
tolerance. `50%` equals `0.5` and, as a unit left out, `50`. A unit may be left out unless `units="required"`;
two units must agree. Several values, or words around a value, are wrong where the reference is one value.
"""

import re
from time import perf_counter
from typing import Literal

from verifiers.extract import Extraction, Fallback, after_thinking, extract
from verifiers.identity import Identity, check_response, quote
from verifiers.math_compare import Ask, Comparer
from verifiers.math_normalise import normalise
from verifiers.math_parse import MAX_CHARACTERS, Node, parse
from verifiers.math_scalars import Decision
from verifiers.math_symbolic import SymbolicError, SymbolicTimeout, same_latex, same_value
from verifiers.math_text import canonical, is_words
from verifiers.math_tokens import NotMaths, Unsupported
from verifiers.verdict import Verdict

VERSION = "1"
TIMEOUT = 1.0
"""Seconds of processor time for the symbolic layer; all others are bounded by the size of what they read."""

Units = Literal["optional", "required"]
_SELF = Identity("math", VERSION)
_LONGEST_BARE = 300
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})")
_JOINED = re.compile(r"\\(?:or|and|text)\b|\b(?:or|and)\b|[;?]")


def verify(
    response: str,
    reference: str | int | float,
    *,
    finish_reason: str | None = None,
    timeout: float = TIMEOUT,
    fallback: Fallback = "none",
    units: Units = "optional",
    symbolic: bool = True,
) -> Verdict:
    """Find the final answer in `response` and compare it with `reference`.

    A response that is nothing but one formula is taken for the answer. `fallback` says what to take where
    nothing marks one. `timeout` is in seconds of processor time; `symbolic=False` leaves out the last two
    layers.
    Raises `ValueError` for a reference that is not an answer, or an unknown option.
    """
    started = perf_counter()
    check_response(response)
    wanted = _reference(reference)
    found = _find(response, fallback)
    if found.answer is None:
        return _SELF.missing(found, finish_reason, started)
    return _judge(found.answer, wanted, started, timeout, units, symbolic)


def equivalent(
    answer: str,
    reference: str | int | float,
    *,
    timeout: float = TIMEOUT,
    units: Units = "optional",
    symbolic: bool = True,
) -> Verdict:
    """Compare two answers, both as written in a box; the options are those of `verify`."""
    started = perf_counter()
    check_response(answer)
    return _judge(answer, _reference(reference), started, timeout, units, symbolic)


def _reference(reference: str | int | float) -> str:
    if isinstance(reference, bool) or not isinstance(reference, str | int | float):
        raise ValueError(f"A math reference is a string or a number, not {quote(repr(reference))}.")
    text = str(reference)
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"The reference has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    if not (wanted := normalise(text)):
        raise ValueError("The reference is empty.")
    return wanted


def _find(response: str, fallback: Fallback) -> Extraction:
    found = extract(response, fallback=fallback)
    rest = after_thinking(response)
    if found.answer is not None or rest is None or "not closed" in found.reason:
        return found
    line = rest.strip()
    if line and len(line) <= _LONGEST_BARE and "\n" not in line and _is_answer(normalise(line)):
        return Extraction(line, "bare")
    return found


def _is_answer(text: str) -> bool:
    try:
        parse(text)
    except Unsupported:
        return True
    except NotMaths:
        return False
    return True


def _judge(answer: str, wanted: str, started: float, timeout: float, units: Units, symbolic: bool) -> Verdict:
    if units not in ("optional", "required"):
        raise ValueError(f"The option units is {units!r}; it must be 'optional' or 'required'.")
    if not timeout > 0:
        raise ValueError(f"The option timeout is {timeout!r}; it must be a positive number of seconds.")
    try:
        decision = _decide(answer, wanted, timeout, units, symbolic)
    except RecursionError:
        decision = Decision(False, "limits", "The answer is nested too deeply for the stack that is left.")
    except SymbolicTimeout as error:
        return _SELF.verdict("timeout", answer, "symbolic", str(error), started)
    except SymbolicError as error:
        return _SELF.verdict("error", answer, "symbolic", str(error), started)
    if decision.equal:
        reason = decision.reason or "Means the same as the reference."
        return _SELF.verdict("correct", answer, decision.layer, reason, started)
    reason = decision.reason or f"{quote(answer)} is not {quote(wanted)}."
    return _SELF.verdict("wrong", answer, decision.layer, reason, started)


def _decide(raw: str, wanted: str, timeout: float, units: Units, symbolic: bool) -> Decision:
    if len(raw) > MAX_CHARACTERS:
        return Decision(
            False, "limits", f"The answer has {len(raw)} characters; at most {MAX_CHARACTERS} are read."
        )
    answer = normalise(raw)
    if not answer:
        return Decision(False, "exact", "The answer is empty.")
    if answer == wanted:
        return Decision(True, "exact", "Equals the reference as written.")
    if _INTEGER.fullmatch(answer) and _INTEGER.fullmatch(wanted):
        return Decision(int(answer) == int(wanted), "rational", f"{answer} is not {wanted}.")
    if canonical(answer) == canonical(wanted):
        return Decision(True, "text", "Equals the reference in words.")
    if is_words(wanted) and is_words(answer):
        return Decision(False, "text")
    return _compare(answer, wanted, timeout, units, symbolic)


def _compare(answer: str, wanted: str, timeout: float, units: Units, symbolic: bool) -> Decision:
    try:
        reference = parse(wanted)
    except NotMaths:
        return Decision(False, "text")
    except Unsupported:
        return _by_math_verify(answer, wanted, timeout, symbolic)
    try:
        found = parse(answer)
        found, reference = _without_grouping(answer, wanted, found, reference)
    except NotMaths as error:
        return Decision(False, "structure", str(error))
    except Unsupported:
        return _by_math_verify(answer, wanted, timeout, symbolic)
    return Comparer(_asker(timeout, symbolic), units).compare(found, reference)


def _without_grouping(answer: str, wanted: str, found: Node, reference: Node) -> tuple[Node, Node]:
    """`100,200` is a list where the other one is a list, and a number otherwise."""
    if found.op == "num" and reference.op in ("list", "seq", "set"):
        return parse(answer, grouping=False), reference
    if reference.op == "num" and found.op in ("list", "seq", "set") and "," in wanted:
        return found, parse(wanted, grouping=False)
    return found, reference


def _asker(timeout: float, symbolic: bool) -> Ask:
    if symbolic:
        return lambda answer, reference: same_value(answer, reference, timeout)
    return lambda answer, reference: Decision(False, "numeric", "Numbers leave it open, and symbolic is off.")


def _by_math_verify(answer: str, wanted: str, timeout: float, symbolic: bool) -> Decision:
    if not symbolic:
        return Decision(False, "structure", "The formula is beyond the grammar and symbolic is off.")
    if _JOINED.search(answer) and not _JOINED.search(wanted):
        return Decision(False, "structure", "It says more than one formula.")
    try:
        parse(answer)
    except NotMaths as error:
        return Decision(False, "structure", str(error))
    except Unsupported:
        pass
    return same_latex(answer, wanted, timeout)

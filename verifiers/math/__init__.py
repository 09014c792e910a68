r"""Mathematical answers: find the answer in a response and decide whether it means what the reference means.

Layers, each tried only if those before it leave the question open: `exact` (equal after normalising),
`text` (words, choices, dates and times), `rational` (fractions), `structure` (tuples, sets, intervals,
equations element by element), `percent`, `units`, `rounded`, `numeric` (floating point with error bounds, at
seeded points), `symbolic` (sympy) and `latex` (sympy, for formulas beyond our grammar), the last two in worker
processes with limits. `limits` says that something is too large to read, `form` that a right answer is not
written as asked. The verdict names the layer that decided.

What counts as equal is said by `verifiers.math.policy.Policy`; each of its fields is an option here, and the
verdict reports all of them. Several values, or words around a value, are wrong where the reference is one
value.
"""

import re
from dataclasses import replace
from math import isfinite
from time import perf_counter
from typing import Unpack

from verifiers.extract import FALLBACK_HOWS, Extraction, Fallback, after_thinking, extract
from verifiers.identity import Identity, check_response, clip, quote
from verifiers.math.decide import decide
from verifiers.math.normalise import normalise
from verifiers.math.parse import MAX_CHARACTERS, parse
from verifiers.math.policy import POLICY, Policy, Rules, changed
from verifiers.math.scalars import Decision
from verifiers.math.signs import with_signs_inside
from verifiers.math.symbolic import SymbolicError, SymbolicTimeout
from verifiers.math.tokens import NotMaths, Unsupported
from verifiers.math.tree import has
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

__all__ = ["POLICY", "TIMEOUT", "VERSION", "Policy", "equivalent", "verify"]

VERSION = "4"
TIMEOUT = 0.5
"""Seconds of processor time for the symbolic layer; all others are bounded by the size of what they read."""

_SELF = Identity("math", VERSION)
_LONGEST_BARE = 300
_PROSE = re.compile(r"[A-Za-z]+ [A-Za-z]{2,}\b")
_LEAD = re.compile(r"(?:so|thus|hence|then|therefore)\b[,:]?[ \t]{1,3}", re.IGNORECASE)


def verify(
    response: str,
    reference: str | int | float,
    *,
    finish_reason: str | None = None,
    timeout: float = TIMEOUT,
    fallback: Fallback = "none",
    thinking_marks: Pairs = (),
    symbolic: bool = True,
    policy: Policy = POLICY,
    **rules: Unpack[Rules],
) -> Verdict:
    """Find the final answer in `response` and compare it with `reference`, which may itself be a solution.

    A response that is nothing but one formula is taken for the answer. `fallback` says what to take where
    nothing marks one, `thinking_marks` further marks of thinking (`verifiers.thinking`). `timeout` is in seconds of
    processor time; `symbolic=False` leaves out the last two layers. `rules` are fields of `policy` to be changed.
    Raises `ValueError` for a reference that is not an answer, or an unknown option.
    """
    started = perf_counter()
    check_response(response)
    wanted, policy = _reference(reference), changed(policy, dict(rules))
    found = _find(with_marks(response, thinking_marks), fallback)
    limit = _limit(timeout, symbolic)
    if found.answer is None:
        return replace(_SELF.missing(found, finish_reason, started), policy=str(policy))
    verdict = _judge(found.answer, wanted, started, limit, policy)
    if found.how in FALLBACK_HOWS:
        where = found.how.replace("_", " ")
        verdict = replace(verdict, reason=f"{verdict.reason} (The answer is the {where}: nothing marks one.)")
    return verdict


def equivalent(
    answer: str,
    reference: str | int | float,
    *,
    timeout: float = TIMEOUT,
    symbolic: bool = True,
    policy: Policy = POLICY,
    **rules: Unpack[Rules],
) -> Verdict:
    """Compare two answers, as written in a box or with the box around; the options are those of `verify`."""
    started = perf_counter()
    check_response(answer)
    policy = changed(policy, dict(rules))
    return _judge(_final(answer), _reference(reference), started, _limit(timeout, symbolic), policy)


def _limit(timeout: float, symbolic: bool) -> float | None:
    if not timeout > 0:
        raise ValueError(f"The option timeout is {timeout!r}; it must be a positive number of seconds.")
    return timeout if symbolic else None


def _reference(reference: str | int | float) -> str:
    """The reference, normalised; of a whole solution its final answer."""
    if isinstance(reference, bool) or not isinstance(reference, str | int | float):
        raise ValueError(f"A math reference is a string or a number, not {clip(repr(reference), 60)}.")
    text = _final(str(reference))
    if text.strip().lower() == "nan" or (isinstance(reference, float) and not isfinite(reference)):
        raise ValueError(
            f"The reference is {reference}, which is no number; a data set may lack the answer there."
        )
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"The reference has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    if not (wanted := normalise(text)):
        raise ValueError("The reference is empty.")
    return wanted


def _final(text: str) -> str:
    """The final answer of a whole solution; other text as it is."""
    if "\\boxed" in text or "\\fbox" in text or "</answer>" in text or "####" in text:
        return extract(with_signs_inside(text)).answer or text
    return text


def _find(response: str, fallback: Fallback) -> Extraction:
    rest = after_thinking(response)
    found = extract(response if rest is None else with_signs_inside(rest), fallback=fallback)
    if found.answer is not None and found.how not in FALLBACK_HOWS:
        return found
    if rest is None or found.unclosed:
        return found
    line = rest.strip()
    if (lead := _LEAD.match(line)) is not None:  # "so 540 m" is no product of s and o
        line = line[lead.end() :]
    if line and len(line) <= _LONGEST_BARE and "\n" not in line and _is_answer(normalise(line)):
        return Extraction(line, "bare")
    return found


def _is_answer(text: str) -> bool:
    """Whether `text` is one formula and no prose: words may only follow a value."""
    if _PROSE.match(text) is not None:
        return False
    try:
        return not has(parse(text), "words")
    except Unsupported:
        return True
    except NotMaths:
        return False


def _judge(answer: str, wanted: str, started: float, symbolic: float | None, policy: Policy) -> Verdict:
    return replace(_compared(answer, wanted, started, symbolic, policy), policy=str(policy))


def _compared(answer: str, wanted: str, started: float, symbolic: float | None, policy: Policy) -> Verdict:
    try:
        decision = decide(answer, wanted, policy, symbolic)
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

r"""Formulas beyond our grammar, such as sums and integrals: compared part by part, and only the rest by sympy.

Lists are taken apart at their commas and relations at their signs, so that whatever of a formula can be read
here is compared here, and no two relations are "the same" merely because both hold.
"""

import re
from collections.abc import Callable

from verifiers.math.parse import parse
from verifiers.math.scalars import Decision
from verifiers.math.symbolic import same_latex
from verifiers.math.tokens import NotMaths, Unsupported

Meaning = Callable[[str, str], Decision]

_MOST_PARTS = 60
_STEP = re.compile(
    r"(?P<bracket>\\[{}]|[()\[\]{}])"
    r"|(?P<separator>[,;]|\\(?:or|and)\b|\\text ?\{ ?(?:or|and) ?\}|(?<![\\A-Za-z])(?:or|and)\b)"
    r"|(?P<relation>[<>!]?=|[<>]|\\(?:ne|le|ge|approx|in|equiv)\b)"
    r"|\\[A-Za-z]+|."
)
_DEEPER = {"(": 1, "[": 1, "{": 1, "\\{": 1, ")": -1, "]": -1, "}": -1, "\\}": -1}
_NAME = re.compile(r"\\?[A-Za-z]+(?:_\{?\w+\}?)?")
_OPERATOR = re.compile(r"\\(?:i*int|oint|sum|prod|lim|det)(?![A-Za-z])")
_BOUND = re.compile(r"\\(?:sum|prod|bigcup|bigcap|lim) ?_ ?\{ ?([a-z]) ?(?:=|\\to\b|\\in\b|\})")
_IDLE_SPACE = re.compile(r"(?<![\w.]) | (?![\w.])")


def compare_beyond(answer: str, wanted: str, meaning: Meaning, seconds: float | None) -> Decision:
    """Compare two formulas of which at least one is beyond the grammar.

    `meaning` compares two parts of them by all layers; `seconds` is the processor time for sympy, None for no
    sympy.
    """
    answer = _renamed(answer, wanted)
    if tight(answer) == tight(wanted):
        return Decision(True, "structure")
    left, right = _split(answer, "separator")[0], _split(wanted, "separator")[0]
    if len(left) != len(right) or len(left) > _MOST_PARTS:
        return _no(f"It has {len(left)} elements, not {len(right)}.")
    if len(left) > 1:
        return _all(left, right, meaning)
    return _relations(answer, wanted, meaning, seconds)


def tight(text: str) -> str:
    """`text` without the spaces that part nothing."""
    return _IDLE_SPACE.sub("", text)


def _no(reason: str) -> Decision:
    return Decision(False, "structure", reason)


def _all(left: list[str], right: list[str], meaning: Meaning) -> Decision:
    if not all(left) or not all(right):
        return _no("A part of it is missing.")
    layer = "structure"
    for answer, wanted in zip(left, right, strict=True):
        decision = meaning(answer, wanted)
        if not decision.equal:
            return decision
        layer = decision.layer
    return Decision(True, layer)


def _relations(answer: str, wanted: str, meaning: Meaning, seconds: float | None) -> Decision:
    left, names = _split(answer, "relation")
    right, others = _split(wanted, "relation")
    if names == others and names:
        return _all(left, right, meaning)
    if set(names) | set(others) == {"="}:
        if all(
            len(sides) == 1 or _NAME.fullmatch(sides[0]) or _OPERATOR.match(sides[0])
            for sides in (left, right)
        ):
            return _all(left[-1:], right[-1:], meaning)
        return _no("One is an equation and the other is not.")
    if names != others:
        return _no("The relations differ.")
    try:
        parse(answer)
    except NotMaths as error:
        return _no(str(error))
    except Unsupported:
        pass
    if seconds is None:
        return _no("The formula is beyond the grammar and symbolic is off.")
    return same_latex(answer, wanted, seconds)


def _split(text: str, kind: str) -> tuple[list[str], list[str]]:
    """The parts of `text` between its separators or relations outside of brackets, and these."""
    parts, signs = [], []
    depth, start = 0, 0
    for match in _STEP.finditer(text):
        if match["bracket"]:
            depth += _DEEPER[match["bracket"]]
        elif match[kind] and depth == 0:
            parts.append(text[start : match.start()].strip())
            signs.append(match[kind])
            start = match.end()
    return [*parts, text[start:].strip()], signs


def _renamed(answer: str, wanted: str) -> str:
    """`answer` with the one variable that a sum, product or limit binds named as it is in `wanted`."""
    found, names = set(_BOUND.findall(answer)), set(_BOUND.findall(wanted))
    if len(found) != 1 or len(names) != 1 or found == names:
        return answer
    old, new = found.pop(), names.pop()
    if re.search(_letter(new), answer):
        return answer
    return re.sub(_letter(old), new, answer)


def _letter(name: str) -> str:
    """A pattern for the variable `name` outside of commands and words."""
    return rf"(?<![\\A-Za-z]){name}(?![A-Za-z])"

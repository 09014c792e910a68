r"""What to take for the answer where nothing marks one: the last line, formula, bold text or number.

Every pattern is linear in the length of the text: what repeats is bounded.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal

Fallback = Literal["none", "last_line", "last_formula", "last_number", "any"]
FallbackHow = Literal["last_line", "last_formula", "last_bold", "last_number"]

_FORMULA = re.compile(
    r"\$\$([^$]{1,2000})\$\$|\$([^$\n]{1,2000})\$"
    r"|\\\(((?:[^\\]|\\[^()]){1,2000})\\\)|\\\[((?:[^\\]|\\[^\[\]]){1,2000})\\\]"
)
_BOLD = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_HEADING = re.compile(
    r".*[:：]|(?:step|part|case|note|remark|answer|final answer|solution|conclusion|explanation|given|summary|option"
    r"|therefore|thus|hence|so)\b[\s\d.,]*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[^:：]{1,60}[:：]\s{1,3}(?=[-−($]{0,3}[\d\\])")
_NUMBER = re.compile(
    r"""\d{1,4}\ \d{1,4}/\d{1,4}(?!\d)                                       # 2 1/2
    |(?<![A-Za-z\\])[A-Za-z][_^]\{?-?\d{1,9}\}?(?!\d)                                       # x^2 is no 2
    |√\(?\d{1,30}\)?
    |(?:\d{1,30}(?:,\d{3}){0,10}(?:\.\d{1,30})?|\.\d{1,30})
     (?:/\d{1,30}|\s?\\?%|:\d{1,10}|[eE][-+−]?\d{1,3}(?!\w)
     |\s?(?:×|\*|x|\\times|\\cdot)\s?10\s?(?:(?:\^|\*\*)\s?\{?[-−]?\d{1,3}\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})
     |\s?(?:\^|\*\*)\s?\{?[-−]?\d{1,9}\}?|√\(?\d{1,30}\)?
     |\s?(?:\\pi(?![A-Za-z])|π)(?:/\d{1,30})?|\s?\\sqrt\s?\{[^{}]{1,60}\}|[ixyzn](?![A-Za-z]))?""",
    re.VERBOSE,
)
_BARE_LATEX = re.compile(
    r"(?:\d{1,30}(?:\.\d{1,30})?\s?)?\\(?:[dt]?frac\s?\{[^{}]{1,60}\}\s?\{[^{}]{1,60}\}|sqrt\s?\{[^{}]{1,60}\})"
    r"(?:\s?\\pi(?![A-Za-z]))?"
)
_TUPLE = re.compile(
    r"[(\[](?!\d{1,3}(?:,\d{3}){1,6}[)\]])\s?(?:[-−+]?\s?\d{1,20}(?:\.\d{1,20}|/\d{1,20})?\s?,\s?){1,5}[-−+]?\s?\d{1,20}(?:\.\d{1,20}|/\d{1,20})?\s?[)\]]"
)
"""A pair, a point or an interval of numbers: its last number is no answer."""
_MINUS = re.compile(
    r"(?:(?P<sign>[-−–‐‑‒⁻－﹣])|(?P<word>minus)|negative|负)"
    r"(?P<gap>[ \t\u00a0\u202f\u00ad]{0,2})(?:\\?[$€£¥])?(?:\\\(|\$)?\Z",
    re.IGNORECASE,
)
_BEFORE_SIGN = re.compile(
    r"(?:[=≈≠<>≤≥→:：(（\[{,;，~*$]|\b(?:is|are|was|were|be|equals|to|of|or|and|be|get|gives|makes)|[为是]|\b(?:[Ii]t|[Tt]hat)['’]s)"
    r"[ \t\u00ad]{0,3}\Z"
)
_OPERAND = re.compile(r"(?:\d|[)\]}%°!]|(?<![A-Za-z'’])[A-Za-z])[ \t]{0,3}\Z")
_SUM = re.compile(r"[-+−±=<>,;]")
_BEFORE = 24
"""Characters before a number that are looked at for its sign."""
_PROSE = re.compile(r"(?<![\\{A-Za-z])[A-Za-z]{2,30} [A-Za-z]{2,30}\b")
_LATEX_TEXT = re.compile(r"\\(?:text|textbf|mathrm|mbox)\s?\{[^{}]{0,200}\}")


def last_line(text: str) -> str | None:
    """The last line that is not empty."""
    return text.rstrip().rpartition("\n")[2].strip() or None


def last_formula(text: str) -> str | None:
    """The last formula between dollar signs, `\\(` and `\\)`, or `\\[` and `\\]`."""
    match = last_match(_FORMULA, text)
    return None if match is None else _signed_formula(text, match)


def last_number(text: str) -> str | None:
    """The last number with its sign, and the fraction, power, percent sign, π, root or letter behind it.

    >>> last_number("The result is − 8.25"), last_number("It is 10 - 3")
    ('-8.25', '3')
    """
    match = last_match(_NUMBER, text)
    return None if match is None else _signed(text, match)


def last_of_any(text: str) -> tuple[str, FallbackHow] | None:
    """The last formula, bold text or number, whichever ends last; what is inside another is not looked at."""
    candidates: list[tuple[int, str, FallbackHow]] = []
    if (formula := _last_good(_FORMULA, text, _is_formula)) is not None:
        candidates.append((formula.end(), _signed_formula(text, formula), "last_formula"))
    if (bare := last_match(_BARE_LATEX, text)) is not None:
        candidates.append((bare.end(), _signed(text, bare), "last_formula"))
    if (several := last_match(_TUPLE, text)) is not None:
        candidates.append((several.end(), several[0], "last_formula"))
    if (bold := _last_good(_BOLD, text, lambda match: bold_answer(match[1]) is not None)) is not None:
        candidates.append((bold.end(), bold_answer(bold[1]) or "", "last_bold"))
    if (number := last_match(_NUMBER, text)) is not None:
        candidates.append((number.end(), _signed(text, number), "last_number"))
    if not candidates:
        return None
    _, answer, how = max(
        candidates, key=lambda candidate: candidate[0]
    )  # of two that end together, the first
    return answer, how


def bold_answer(bold: str) -> str | None:
    """What a bold text says: `12` of `Total: 12`, and nothing of a heading such as `Step 2:`."""
    content = bold.strip()
    if not content or _HEADING.fullmatch(content) is not None:
        return None
    label = _LABEL.match(content)
    return content[label.end() if label is not None else 0 :]


SINGLE: Mapping[str, Callable[[str], str | None]] = {
    "last_line": last_line,
    "last_formula": last_formula,
    "last_number": last_number,
}
MISSING: Mapping[str, str] = {
    "last_line": "The response is empty.",
    "last_formula": "There is no formula in the response.",
    "last_number": "There is no number in the response.",
    "any": "There is no formula, bold text or number in the response.",
}
"""Why a fallback has nothing to take."""


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last match of the pattern."""
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _last_good(
    pattern: re.Pattern[str], text: str, is_good: Callable[[re.Match[str]], bool]
) -> re.Match[str] | None:
    """The last match that may be an answer."""
    return next(filter(is_good, reversed(list(pattern.finditer(text)))), None)


def _content(formula: re.Match[str]) -> str:
    return next(group for group in formula.groups() if group is not None).strip()


def _is_formula(match: re.Match[str]) -> bool:
    """Whether a match holds a formula, and is not what stands between two amounts of dollars."""
    content = _content(match)
    return bool(content) and _PROSE.search(_LATEX_TEXT.sub("", content)) is None


def _signed(text: str, number: re.Match[str]) -> str:
    """The number with a minus that is its sign, and no operator, range or bullet."""
    return f"-{number[0]}" if _has_sign(text, number.start()) else number[0]


def _signed_formula(text: str, formula: re.Match[str]) -> str:
    """The formula with a minus that stands in front of its delimiter, as in `-$5$`."""
    content = _content(formula)
    if _SUM.search(content) is None and _has_sign(text, formula.start()):
        return f"-{content}"
    return content


def _has_sign(text: str, start: int) -> bool:
    """Whether a minus in front of `start` is a sign.

    It is in `is -5`, `= - 5`, `−5`, `-$5` and `negative 5`, and not in `10 - 3`, `x-3`, `2–3` and the bullet `- 3`.
    """
    before = text[max(0, start - _BEFORE) : start]
    minus = _MINUS.search(before)
    if minus is None:
        return False
    lead = before[: minus.start()]
    if minus["sign"] is None:
        return minus["word"] is None or _OPERAND.search(lead) is None
    glued = not minus["gap"]
    if not lead.strip(" \t") or lead.rstrip(" \t").endswith("\n"):
        return glued or minus["sign"] == "−"
    if _BEFORE_SIGN.search(lead) is not None:
        return True
    return glued and lead[-1] in " \t" and _OPERAND.search(lead) is None

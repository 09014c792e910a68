r"""A minus in front of a box: `a = -\boxed{256}` says -256.

It is a sign where a formula or a response begins with it, or a relation, a colon or "is" stands before it. It is
none in a difference such as `10 - \boxed{3}`, or where it is a dash between words or a bullet (`- \boxed{5}`).
"""

import re
from collections import deque

from verifiers.extract import closing_brace

_BOX = re.compile(r"[-−][ \t\n]{0,5}(?=\\{1,2}(?:boxed|fbox)[ \t\n]{0,5}\{)")
_MOST_BOXES = 30
_LONGEST_BEFORE = 60
_GAP = r"(?:[ \t&~]|\\[,;:! ]|\\q?quad|\\displaystyle){0,10}"
_RELATED = re.compile(
    r"(?:[=≈≡≤≥⇒→]|[\w)}] ?[<>]|\\(?:approx|equiv|cong|sim|leq?|geq?|lt|gt|Rightarrow|implies|to))"
    rf"\*{{0,2}}{_GAP}\Z"
)
_OPENED = re.compile(rf"(?:(?P<dollar>(?<!\\)\${{1,2}})|(?<!\\)\\[(\[])(?P<gap>{_GAP}\n?{_GAP})\Z")
_SAID = re.compile(r"(?:\b(?:is|are)|[:：是为])\*{0,2} ?\*{0,2}\Z|\A\s*\Z", re.IGNORECASE)
_DOLLARS = re.compile(r"(?<!\\)\${1,2}")
_GOES_ON = re.compile(r"[ \t]{0,5}(?:[-+/−]|\^(?!\{?\\circ\b)|\*(?!\*)|\\(?:cdot|times|div|pm)\b)")
_UNCLEAR = re.compile(r"\Z|[-−+]|[^,;]*+[,;](?!\d{3}(?!\d))")
"""In a box: nothing, a sign of its own, or several values."""
_SUM = re.compile(r"[-+−±]|\\pm\b")


def with_signs_inside(text: str) -> str:
    r"""`text` with `\boxed{-256}` for `-\boxed{256}`, in its last boxes."""
    signs = deque(_BOX.finditer(text), maxlen=_MOST_BOXES) if "box" in text else ()
    for sign in reversed(signs):
        opening = text.index("{", sign.end())
        closing = closing_brace(text, opening)
        if closing is None or not _is_sign(text, sign, closing + 1):
            continue
        inside = text[opening + 1 : closing].strip()
        if _UNCLEAR.match(inside):
            continue
        inside = f"-({inside})" if _SUM.search(inside) else f"-{inside}"
        text = text[: sign.start()] + text[sign.end() : opening + 1] + inside + text[closing:]
    return text


def _is_sign(text: str, minus: re.Match[str], end: int) -> bool:
    """Whether `minus` is the sign of the box behind it, which ends at `end`."""
    start = minus.start()
    before = text[max(0, start - _LONGEST_BEFORE) : start]
    if _GOES_ON.match(text, end):
        return False
    if _RELATED.search(before):
        return True
    if opened := _OPENED.search(before):
        return not opened["dollar"] or _opens(text, start - len(opened[0]), opened["gap"], end)
    if len(minus[0]) > 1 or (before.isspace() and start > _LONGEST_BEFORE):  # "- " is a dash or a bullet
        return False
    return _SAID.search(before) is not None


def _opens(text: str, place: int, gap: str, end: int) -> bool:
    """Whether the dollar sign at `place` opens a formula that goes on beyond `end`, and closes none."""
    if gap and place and not text[place - 1].isspace():
        return False
    stop = text.find("\n\n", end)
    closed = _DOLLARS.search(text, end, stop if stop >= 0 else len(text))
    before = _DOLLARS.finditer(text, text.rfind("\n\n", 0, place) + 1, place)
    return closed is not None and sum(1 for _ in before) % 2 == 0

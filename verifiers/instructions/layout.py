"""The form of the response: bullets, highlights, sections, a title, JSON, a fixed answer."""

import json
import re

_STAR = re.compile(r"^[^\S\n]*\*[^*].*$", re.MULTILINE)
_DASH = re.compile(r"^[^\S\n]*-.*$", re.MULTILINE)
_HIGHLIGHT = re.compile(r"\*([^\n*]*)\*")
_DOUBLE_HIGHLIGHT = re.compile(r"\*\*([^\n*]*)\*\*")
_FIXED_ANSWERS = ("My answer is yes.", "My answer is no.", "My answer is maybe.")


def number_bullet_lists(text: str, *, num_bullets: int) -> bool:
    """Exactly so many lines that start with `*` (not `**`) or `-`; a divider `---` counts as one."""
    return sum(1 for bullet in (_STAR, _DASH) for _ in bullet.finditer(text)) == num_bullets


def number_highlighted_sections(text: str, *, num_highlights: int) -> bool:
    """At least so many `*…*` or `**…**`, each within a line and not blank."""
    found = _HIGHLIGHT.findall(text) + _DOUBLE_HIGHLIGHT.findall(text)
    return sum(1 for inside in found if inside.strip()) >= num_highlights


def multiple_sections(text: str, *, section_spliter: str, num_sections: int) -> bool:
    """At least so many marks of a section, such as `Section 1`; the word is a regular expression."""
    return len(re.split(rf"\s?{section_spliter.strip()}\s?\d+\s?", text)) - 1 >= num_sections


def title(text: str) -> bool:
    """There is a title such as `<<poem of joy>>`, on one line and not blank."""
    return any(map(_has_title, text.split("\n")))


def _has_title(line: str) -> bool:
    """Something stands between the first `<<` and the last `>>`. (As a regular expression it is quadratic.)"""
    start, end = line.find("<<"), line.rfind(">>")
    return 0 <= start < end - 2 and bool(line[start : end + 2].lstrip("<").rstrip(">").strip())


def json_format(text: str) -> bool:
    """The whole response is JSON, bare or between Markdown's three back ticks."""
    text = text.strip()
    for fence in ("```json", "```Json", "```JSON", "```"):
        text = text.removeprefix(fence)
    try:
        json.loads(text.removesuffix("```").strip())
    except (ValueError, RecursionError):
        return False
    return True


def constrained_response(text: str) -> bool:
    """One of "My answer is yes.", "My answer is no." and "My answer is maybe." occurs."""
    return any(answer in text for answer in _FIXED_ANSWERS)

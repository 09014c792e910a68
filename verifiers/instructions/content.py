"""What the response must hold somewhere: placeholders, a postscript."""

import re

_POSTSCRIPTS = {"P.P.S": r"p\.\s?p\.\s?s", "P.S.": r"p\.\s?s\."}


def number_placeholders(text: str, *, num_placeholders: int) -> bool:
    """At least so many `[...]`, each on one line."""
    return sum(map(_placeholders, text.split("\n"))) >= num_placeholders


def _placeholders(line: str) -> int:
    """How often `[` and the next `]` follow each other. (As a regular expression it is quadratic.)"""
    found, end = 0, -1
    while (start := line.find("[", end + 1)) >= 0 and (end := line.find("]", start)) >= 0:
        found += 1
    return found


def postscript(text: str, *, postscript_marker: str) -> bool:
    """The marker, usually `P.S.` or `P.P.S`, occurs in any case; another marker is a regular expression."""
    marker = postscript_marker.strip()
    return re.search(_POSTSCRIPTS.get(marker, marker.lower()), text.lower(), re.MULTILINE) is not None

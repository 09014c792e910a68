"""Find the class that starts a Java program, and the name that its source file must have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"//[^\n]*+|/\*.*?(?:\*/|\Z)"
    r'|"""(?:\\.|[^\\])*?(?:"""|\\?\Z)|"(?:\\.|[^"\\\n])*+"?|\'(?:\\.|[^\'\\\n])*+\'?'
    r"|(?P<token>[{}();]|\w++(?:\.\w++)*+)",
    re.DOTALL,
)
"""Words and brackets. Comments and texts are matched so that they are skipped, unclosed ones up to the end."""
_TYPES = frozenset({"class", "record", "enum", "interface"})
_LONGEST_NAME = 200
"""Bytes of a name that a file can have, with room for the suffix."""
_DEEPEST = 8
"""Types within types in which a `main` is looked for."""


@dataclass(frozen=True, slots=True)
class JavaNames:
    """`file` is the name of the source file without its suffix, `start` the class to start, with its package."""

    file: str
    start: str


def java_names(source: str) -> JavaNames:
    """The names of a program: javac wants the file to be called as the public class is.

    The class to start is the public one if it has a `main`, else the first that has one, else the public one. Without
    any of them both names are `Main`. Linear in the length of `source`.
    """
    public, holders, package = _types(source)
    start = public or "Main" if public in holders or not holders else holders[0]
    file = public or start.partition("$")[0]
    if len(file.encode("utf-8", "replace")) > _LONGEST_NAME:
        return JavaNames("Main", "Main")
    return JavaNames(file, f"{package}.{start}" if package else start)


def _types(source: str) -> tuple[str, list[str], str]:
    """The outermost public type ("" without one), the types that have a `main`, and the package."""
    public = package = ""
    holders: list[str] = []
    open_types: list[str] = []  # the name of the type that each open brace belongs to, "" for other braces
    coming, is_public = "", False
    words = ("", "")  # the two words before this token
    for token in _tokens(source):
        if token == "{":
            open_types.append(coming)
            coming, is_public = "", False
        elif token == "}":
            del open_types[-1:]
            coming, is_public = "", False
        elif token == ";":
            coming, is_public = "", False
        elif token == "(":
            if words == ("void", "main") and 0 < len(open_types) <= _DEEPEST and all(open_types):
                holders.append("$".join(open_types))
        elif words[1] in _TYPES and not coming:
            coming = token
            if is_public and not open_types and not public:
                public = token
        elif words[1] == "package" and not open_types and not package:
            package = token
        elif token == "public":
            is_public = True
        words = (words[1], token)
    return public, holders, package


def _tokens(source: str) -> Iterator[str]:
    return (match["token"] for match in _TOKEN.finditer(source) if match["token"] is not None)

"""Plain values, as seven languages have them: read from the literals of a test, or sent by a program's process.

Types are kept where a language's equality looks at them, so that `equality.py` compares like with like.
"""

import re
import struct
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["none", "bool", "int", "float", "text", "list", "map", "tuple", "optional", "hole", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MOST_DEPTH = 60
"""How deeply values may be nested, read or sent."""
MOST_DIGITS = 400
"""Digits of an integer; a longer one is no plain value."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value.

    `type` is the language's name for it, where that counts: `long`, `vector<long>`, `undefined`; for a C# list, that
    of its items. `scalar` is the content of a bool, an int, a float, or a text (in UTF-8); `items` those of a list or
    tuple, the key and value of each entry of a map in turn, and what an optional holds, if anything. A `hole` is a
    place of a JavaScript array that holds nothing; `other` is anything else, which equals nothing.
    """

    kind: Kind
    type: str = ""
    scalar: bool | int | float | bytes | None = None
    items: tuple["Value", ...] = ()

    def entries(self) -> dict[object, "Value"]:
        """The values of a map by their keys, of which two are alike where kind, type and content are."""
        return {
            (key.kind, key.type, key.scalar): value
            for key, value in zip(self.items[::2], self.items[1::2], strict=True)
        }


class NotLiteral(ValueError):
    """What stands there is no literal of the language."""


def float32(number: float) -> float:
    """The nearest number that a `float` of C++, Java or C# can hold."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def type_name(text: str) -> str:
    """A type's name, written in one way: `vector<long>` of `std::vector< long >`."""
    bare = re.sub(r"\s*([<>,\[\]?])\s*", r"\1", " ".join(text.replace("std::", "").split()))
    return re.sub(r"\bNullable<([^<>]*)>", r"\1?", bare)

"""Whether what a program printed or returned is what was expected. All of it runs outside the sandbox."""

import json
import math
import re
from collections import Counter
from decimal import Decimal
from typing import Any, Literal, get_args

Comparison = Literal["exact", "lines", "tokens", "numbers", "unordered_lines"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
"""How output is compared.

`exact`: byte by byte. `lines`: but for white space at the end of lines and empty lines at the end. `tokens`: as a
sequence of words. `numbers`: as `tokens`, where two integers are equal exactly, and other numbers up to
the tolerance. `unordered_lines`: as `lines`, in any order.
"""

ValueComparison = Literal["value", "unordered_value"]
VALUE_COMPARISONS: tuple[ValueComparison, ...] = get_args(ValueComparison)
"""How a returned value is compared; see `same_value`. `unordered_value`: the items of a list in any order."""

TOLERANCE = 1e-6
"""By how much a number may differ from an expected one that is no integer: absolutely, or relative to it."""

_NUMBER = re.compile(rb"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?")
_INTEGER = re.compile(rb"([+-]?)0*+(\d*)")


def same_output(said: bytes, wanted: bytes, how: Comparison = "lines", tolerance: float = TOLERANCE) -> bool:
    """Whether the bytes that a program printed are those expected."""
    if how == "exact" or said == wanted:
        return said == wanted
    if how == "lines":
        return output_lines(said) == output_lines(wanted)
    if how == "unordered_lines":
        return Counter(output_lines(said)) == Counter(output_lines(wanted))
    words, expected = said.split(), wanted.split()
    if how == "tokens":
        return words == expected
    return len(words) == len(expected) and all(
        _same_token(word, other, tolerance) for word, other in zip(words, expected, strict=True)
    )


def same_value(said: Any, wanted: Any, how: ValueComparison = "value", tolerance: float = TOLERANCE) -> bool:
    """Whether a returned value is the one expected; both as JSON has them.

    Integers are equal exactly, true and false are no numbers, 2.0 is 2. Where a float is expected, a number may
    differ by the tolerance. Lists are equal in their order (tuples are lists here), objects in any.
    """
    if how == "unordered_value" and isinstance(said, list) and isinstance(wanted, list):
        said, wanted = sorted(said, key=_order), sorted(wanted, key=_order)
    return _same(said, wanted, tolerance)


def _same(said: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(said, list)
            and len(said) == len(wanted)
            and all(_same(one, other, tolerance) for one, other in zip(said, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(said, dict)
            and said.keys() == wanted.keys()
            and all(_same(said[key], value, tolerance) for key, value in wanted.items())
        )
    if type(wanted) is float and type(said) in (int, float):
        return close(said, wanted, tolerance)
    if type(wanted) is int and type(said) is float:
        return bool(said == wanted)
    return type(said) is type(wanted) and bool(said == wanted)


def close(said: float, wanted: float, tolerance: float) -> bool:
    """Whether two numbers differ by at most the tolerance, absolutely or relative to `wanted`; NaN equals NaN."""
    if math.isnan(wanted):
        return math.isnan(said)
    try:
        # Relative to what is expected alone, or a huge number would be close to anything.
        return said == wanted or abs(said - wanted) <= tolerance * max(1.0, abs(wanted)) < math.inf
    except OverflowError:  # an integer too large for a float
        return False


def _same_token(said: bytes, wanted: bytes, tolerance: float) -> bool:
    if said == wanted:
        return True
    if not _NUMBER.fullmatch(said) or not _NUMBER.fullmatch(wanted):
        return False
    one, other = _INTEGER.fullmatch(said), _INTEGER.fullmatch(wanted)
    if other and not one:  # a number that is no integer can only be this one exactly
        return Decimal(said.decode()) == Decimal(wanted.decode())
    if one and other:  # without their leading zeros: nothing is left of zero
        return one[2] == other[2] and (not one[2] or (one[1] == b"-") == (other[1] == b"-"))
    return math.isfinite(expected := float(wanted)) and close(float(said), expected, tolerance)


def output_lines(text: bytes) -> list[bytes]:
    """The lines without white space at their ends, and without empty ones at the end."""
    return [line.rstrip() for line in text.rstrip().split(b"\n")]


def _order(value: Any) -> str:
    return json.dumps(value, sort_keys=True)

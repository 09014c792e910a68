"""Whether what a program printed or returned is what was expected. All of it runs outside the sandbox."""

import math
import re
from collections import Counter
from decimal import Decimal
from typing import Any, Literal, get_args

Comparison = Literal["exact", "lines", "tokens", "caseless", "numbers", "line_numbers", "unordered_lines"]
COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
"""How output is compared.

- `exact`: byte by byte.
- `lines`: but for white space at the end of lines and empty lines at the end.
- `tokens`: as a sequence of words.
- `numbers`: as `tokens`, where two integers are equal exactly, and other numbers up to the tolerance.
- `caseless`: as `numbers`, and a letter is equal to its capital.
- `line_numbers`: line by line, but for white space around each line and around the whole. Two lines of numbers are
  equal where their values are, exactly. As in LiveCodeBench.
- `unordered_lines`: as `lines`, in any order.
"""

ValueComparison = Literal["value", "equal", "unordered_value"]
VALUE_COMPARISONS: tuple[ValueComparison, ...] = get_args(ValueComparison)
"""How a returned value is compared; see `same_value`.

`equal`: as Python's `==`, where true is 1. `unordered_value`: the items of a list in any order.
"""

TOLERANCE = 1e-6
"""By how much a number may differ from an expected one that is no integer: absolutely, or relative to it."""

SET = "__set__"
"""The one key of the object that stands for a set."""
LONGEST_PAIRED = 200
"""Items of a list, in any order, of which every pairing is tried."""

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
    if how == "line_numbers":
        lines, expected_lines = said.strip().split(b"\n"), wanted.strip().split(b"\n")
        return len(lines) == len(expected_lines) and all(map(_same_line, lines, expected_lines))
    if how == "caseless":
        said, wanted = said.lower(), wanted.lower()
    words, expected = said.split(), wanted.split()
    if how == "tokens":
        return words == expected
    return len(words) == len(expected) and all(
        _same_token(word, other, tolerance) for word, other in zip(words, expected, strict=True)
    )


def same_value(said: Any, wanted: Any, how: ValueComparison = "value", tolerance: float = TOLERANCE) -> bool:
    """Whether a returned value is the one expected; both as JSON has them.

    Integers are equal exactly, true and false are no numbers (but for `equal`), 2.0 is 2. Where a float is expected, a
    number may differ by the tolerance. Lists are equal in their order (tuples are lists here), objects and sets in any.
    """
    if how == "unordered_value" and isinstance(said, list) and isinstance(wanted, list):
        return _same_in_any_order(said, wanted, tolerance)
    return (
        _same(_numeric(said), _numeric(wanted), tolerance)
        if how == "equal"
        else _same(said, wanted, tolerance)
    )


def _numeric(value: Any) -> Any:
    """The value with 1 for true and 0 for false."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return [_numeric(item) for item in value]
    return {key: _numeric(item) for key, item in value.items()} if isinstance(value, dict) else value


def _same(said: Any, wanted: Any, tolerance: float) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(said, list)
            and len(said) == len(wanted)
            and all(_same(one, other, tolerance) for one, other in zip(said, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        if not isinstance(said, dict) or said.keys() != wanted.keys():
            return False
        if wanted.keys() == {SET} and isinstance(said[SET], list) and isinstance(wanted[SET], list):
            return _same_in_any_order(said[SET], wanted[SET], tolerance)
        return all(_same(said[key], value, tolerance) for key, value in wanted.items())
    if type(wanted) is float and type(said) in (int, float):
        return close(said, wanted, tolerance)
    if type(wanted) is int and type(said) is float:
        return bool(said == wanted)
    return type(said) is type(wanted) and bool(said == wanted)


def _same_in_any_order(said: list[Any], wanted: list[Any], tolerance: float) -> bool:
    """Whether the items can be paired so that those of each pair are equal.

    In their natural order first, which pairs numbers that differ by the tolerance as well; that fails only where such
    numbers decide the order of longer items, and then every pairing of a short list is tried.
    """
    if len(said) != len(wanted):
        return False
    if _same(sorted(said, key=_order), sorted(wanted, key=_order), tolerance):
        return True
    return len(wanted) <= LONGEST_PAIRED and _can_be_paired(
        [[place for place, item in enumerate(said) if _same(item, other, tolerance)] for other in wanted]
    )


def _can_be_paired(partners: list[list[int]]) -> bool:
    """Whether each has a partner of its own: augmenting paths, as in Kuhn's algorithm for bipartite matching."""
    taken: dict[int, int] = {}

    def find(number: int, tried: set[int]) -> bool:
        for partner in partners[number]:
            if partner not in tried:
                tried.add(partner)
                if partner not in taken or find(taken[partner], tried):
                    taken[partner] = number
                    return True
        return False

    return all(find(number, set()) for number in range(len(partners)))


def _order(value: Any) -> tuple[Any, ...]:
    """A key that sorts values as JSON has them: by their type, then numbers by value, and lists item by item."""
    if isinstance(value, list):
        return (4, [_order(item) for item in value])
    if isinstance(value, dict):
        return (5, [(key, _order(value[key])) for key in sorted(value)])
    if isinstance(value, str):
        return (3, value)
    if isinstance(value, bool) or value is None:
        return (0, str(value))
    return (1, value) if value == value else (2,)  # NaN stands behind the numbers


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


def _same_line(said: bytes, wanted: bytes) -> bool:
    if said.strip() == wanted.strip():
        return True
    words, expected = said.split(), wanted.split()
    return (
        len(words) == len(expected)
        and all(map(_NUMBER.fullmatch, words + expected))
        and all(
            Decimal(word.decode()) == Decimal(other.decode())
            for word, other in zip(words, expected, strict=True)
        )
    )


def output_lines(text: bytes) -> list[bytes]:
    """The lines without white space at their ends, and without empty ones at the end."""
    return [line.rstrip() for line in text.rstrip().split(b"\n")]

"""Whether a value that a program returned is the one that a test expects, by the equality of the test's language.

The comparison that stands in the test is done here, on values alone: `==` of C++, Java and C#, `equals`, `Equals`,
`SequenceEqual`, Node's `assert.deepEqual`, PHP's `!==`, Bash's `=`. Values of another type are unequal where the
language says so, and where it would not compile the comparison.
"""

import math
import re
import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

from verifiers.code.values import Value, float32
from verifiers.sandbox.types import Language


def same(returned: Value, expected: Value, operator: str, language: Language) -> bool:
    """Whether the test's comparison holds between the two."""
    return _EQUALITIES[language](returned, expected, operator)


def _cpp(one: Value, other: Value, operator: str) -> bool:
    if other.kind == "none":
        return one.kind == "optional" and not one.items
    if "optional" in (one.kind, other.kind):
        held, expected = (v.items if v.kind == "optional" else (v,) for v in (one, other))
        return len(held) == len(expected) and all(map(_cpp, held, expected, [operator]))
    if one.kind in _ARITHMETIC and other.kind in _ARITHMETIC:
        return _same_number(one, other)
    if one.kind != other.kind or (one.kind != "text" and one.type != other.type):
        return False
    if one.kind == "map":
        return _same_entries(one, other, lambda a, b: _cpp(a, b, operator))
    return _same_items(one, other, lambda a, b: _cpp(a, b, operator)) and one.scalar == other.scalar


def _java(one: Value, other: Value, operator: str) -> bool:
    if operator == "==":
        return one.kind == other.kind == "none" or _same_primitive(one, other)
    if one.kind != other.kind or one.type != other.type or other.kind in ("none", "other"):
        return False
    if one.kind == "float":  # as `Float.equals` has it: NaN is itself, and 0.0 is not -0.0
        return _bits(one) == _bits(other)
    if one.kind == "map":
        return _same_entries(one, other, _java_item)
    return _same_items(one, other, _java_item) and one.scalar == other.scalar


def _java_item(one: Value, other: Value) -> bool:
    return one.kind == other.kind == "none" or _java(one, other, "equals")


def _csharp(one: Value, other: Value, operator: str) -> bool:
    if one.kind == "optional":
        one = one.items[0] if one.items else Value("none", "null")
    if operator == "SequenceEqual":
        return (
            one.kind == other.kind == "list"
            and one.type == other.type
            and _same_items(one, other, _csharp_item)
        )
    if operator == "==":
        return _same_primitive(one, other) or one.kind == other.kind == "none" or (
            one.kind == other.kind == "text" and one.scalar == other.scalar
        )  # fmt: skip
    return _csharp_item(one, other)


def _csharp_item(one: Value, other: Value) -> bool:
    """`Equals`: by value for numbers, texts and tuples of the same type; lists and maps equal themselves alone."""
    if one.kind == other.kind == "none":
        return True
    if one.kind != other.kind or one.type != other.type or one.kind in ("list", "map", "other"):
        return False
    if one.kind == "float":
        return one.scalar == other.scalar or _bits(one) == _bits(other)
    return _same_items(one, other, _csharp_item) and one.scalar == other.scalar


def _node(one: Value, other: Value, operator: str) -> bool:
    """The comparisons of Node's `assert`. Without `deep`, an object is equal to itself alone."""
    if "deep" not in operator and ("list" in (one.kind, other.kind) or "map" in (one.kind, other.kind)):
        return False
    if operator == "===":
        return (_strictly_equal(one, other) and one.scalar == one.scalar) or _same_zero(one, other)
    return _strictly_equal(one, other) if "trict" in operator else _deep_equal(one, other)


def _strictly_equal(one: Value, other: Value) -> bool:
    """Of the same type, as `Object.is` has it: NaN is itself, and 0 is not -0."""
    if one.kind != other.kind or one.kind == "other" or (one.kind != "bool" and one.type != other.type):
        return False
    if one.kind == "float":
        return _bits(one) == _bits(other) or (one.scalar != one.scalar and other.scalar != other.scalar)
    if one.kind == "map":
        return _same_entries(one, other, _strictly_equal)
    return _same_items(one, other, _strictly_equal) and one.scalar == other.scalar


def _same_zero(one: Value, other: Value) -> bool:
    return one.kind == other.kind == "float" and one.scalar == other.scalar == 0


def _deep_equal(one: Value, other: Value) -> bool:
    """`assert.deepEqual`, the loose one: JavaScript's `==` for what is no object, and NaN is itself."""
    if one.kind in ("other", "hole") or other.kind in ("other", "hole"):
        return one.kind == other.kind == "hole"
    if one.kind in ("list", "map") or other.kind in ("list", "map"):
        if one.kind != other.kind:
            return False
        return (_same_entries if one.kind == "map" else _same_items)(one, other, _deep_equal)
    return _loosely_equal(one, other)


def _loosely_equal(one: Value, other: Value) -> bool:
    if one.kind == "none" or other.kind == "none":
        return one.kind == other.kind
    if one.kind == other.kind == "text":
        return one.scalar == other.scalar
    left, right = _js_number(one), _js_number(other)
    return left == right or (one.kind == other.kind == "float" and left != left and right != right)


def _js_number(value: Value) -> float | int:
    if not isinstance(value.scalar, bytes):
        return value.scalar if value.scalar is not None else math.nan
    text = value.scalar.decode("utf-8", "replace").strip()
    if not text or len(text) > 400:
        return math.nan if text else 0
    if based := re.fullmatch(r"0(?:[xX]([0-9a-fA-F]+)|[oO]([0-7]+)|[bB]([01]+))", text):
        return next(
            int(digits, base) for digits, base in zip(based.groups(), (16, 8, 2), strict=True) if digits
        )
    if re.fullmatch(r"[+-]?(?:Infinity|(?:\d++\.?\d*|\.\d+)(?:[eE][+-]?\d{1,6})?)", text, re.ASCII):
        return float(text)
    return math.nan


def _php(one: Value, other: Value, operator: str) -> bool:
    """`===`: of the same type; arrays with equal entries in the same order."""
    if one.kind != other.kind or one.kind == "other":
        return False
    return _same_items(one, other, lambda a, b: _php(a, b, operator)) and one.scalar == other.scalar


def _bash(one: Value, other: Value, operator: str) -> bool:
    return one.kind == other.kind == "text" and one.scalar == other.scalar


_EQUALITIES: Mapping[Language, Callable[[Value, Value, str], bool]] = MappingProxyType(
    {
        "cpp": _cpp,
        "java": _java,
        "csharp": _csharp,
        "javascript": _node,
        "typescript": _node,
        "php": _php,
        "bash": _bash,
    }
)
_ARITHMETIC = ("bool", "int", "float")


def _same_items(one: Value, other: Value, equal: Callable[[Value, Value], bool]) -> bool:
    return len(one.items) == len(other.items) and all(map(equal, one.items, other.items))


def _same_entries(one: Value, other: Value, equal: Callable[[Value, Value], bool]) -> bool:
    """Whether two maps have the same keys, in any order, and equal values."""
    entries, expected = one.entries(), other.entries()
    return entries.keys() == expected.keys() and all(equal(entries[key], expected[key]) for key in expected)


def _same_primitive(one: Value, other: Value) -> bool:
    """`==` of Java and C# between numbers, or between truth values."""
    if "bool" in (one.kind, other.kind):
        return one.kind == other.kind and one.scalar == other.scalar
    return one.kind in _ARITHMETIC and other.kind in _ARITHMETIC and _same_number(one, other)


def _same_number(one: Value, other: Value) -> bool:
    """Both as the wider of their types, as the three compiled languages have it: a float is wider than any integer."""
    left, right = one.scalar, other.scalar
    assert isinstance(left, int | float) and isinstance(right, int | float)  # noqa: PT018
    if "float" not in (one.kind, other.kind):
        return left == right
    wide = "double" in (one.type, other.type)
    try:
        left, right = float(left), float(right)
    except OverflowError:
        return False
    return left == right if wide else float32(left) == float32(right)


def _bits(value: Value) -> bytes:
    return struct.pack("d", value.scalar)

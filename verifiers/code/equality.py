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


def same(actual: Value, expected: Value, operator: str, language: Language) -> bool:
    """Whether the test's comparison holds between the two."""
    return _EQUALITIES[language](actual, expected, operator)


def _cpp(actual: Value, expected: Value, operator: str) -> bool:
    if expected.kind == "none":
        return actual.kind == "optional" and not actual.items
    if "optional" in (actual.kind, expected.kind):
        held, to_hold = (v.items if v.kind == "optional" else (v,) for v in (actual, expected))
        return len(held) == len(to_hold) and all(map(_cpp, held, to_hold, [operator]))
    if actual.kind in _ARITHMETIC and expected.kind in _ARITHMETIC:
        return _same_number(actual, expected)
    if actual.kind != expected.kind or (actual.kind != "text" and actual.type != expected.type):
        return False
    if actual.kind == "map":
        return _same_entries(actual, expected, lambda a, b: _cpp(a, b, operator))
    return (
        _same_items(actual, expected, lambda a, b: _cpp(a, b, operator)) and actual.scalar == expected.scalar
    )


def _java(actual: Value, expected: Value, operator: str) -> bool:
    if operator == "==":
        return actual.kind == expected.kind == "none" or _same_primitive(actual, expected)
    if actual.kind != expected.kind or actual.type != expected.type or expected.kind in ("none", "other"):
        return False
    if actual.kind == "float":  # as `Float.equals` has it: NaN is itself, and 0.0 is not -0.0
        return _bits(actual) == _bits(expected)
    if actual.kind == "map":
        return _same_entries(actual, expected, _java_item)
    return _same_items(actual, expected, _java_item) and actual.scalar == expected.scalar


def _java_item(actual: Value, expected: Value) -> bool:
    return actual.kind == expected.kind == "none" or _java(actual, expected, "equals")


def _csharp(actual: Value, expected: Value, operator: str) -> bool:
    if actual.kind == "optional":
        actual = actual.items[0] if actual.items else Value("none", "null")
    if operator == "SequenceEqual":
        return (
            actual.kind == expected.kind == "list"
            and actual.type == expected.type
            and _same_items(actual, expected, _csharp_item)
        )
    if operator == "==":
        return _same_primitive(actual, expected) or actual.kind == expected.kind == "none" or (
            actual.kind == expected.kind == "text" and actual.scalar == expected.scalar
        )  # fmt: skip
    return _csharp_item(actual, expected)


def _csharp_item(actual: Value, expected: Value) -> bool:
    """`Equals`: by value for numbers, texts and tuples of the same type; lists and maps equal themselves alone."""
    if actual.kind == expected.kind == "none":
        return True
    if (
        actual.kind != expected.kind
        or actual.type != expected.type
        or actual.kind in ("list", "map", "other")
    ):
        return False
    if actual.kind == "float":
        return actual.scalar == expected.scalar or _bits(actual) == _bits(expected)
    return _same_items(actual, expected, _csharp_item) and actual.scalar == expected.scalar


def _node(actual: Value, expected: Value, operator: str) -> bool:
    """The comparisons of Node's `assert`. Without `deep`, an object is equal to itself alone."""
    if "deep" not in operator and (
        "list" in (actual.kind, expected.kind) or "map" in (actual.kind, expected.kind)
    ):
        return False
    if operator == "===":
        return (_strictly_equal(actual, expected) and actual.scalar == actual.scalar) or _same_zero(
            actual, expected
        )
    return _strictly_equal(actual, expected) if "trict" in operator else _deep_equal(actual, expected)


def _strictly_equal(actual: Value, expected: Value) -> bool:
    """Of the same type, as `Object.is` has it: NaN is itself, and 0 is not -0."""
    if (
        actual.kind != expected.kind
        or actual.kind == "other"
        or (actual.kind != "bool" and actual.type != expected.type)
    ):
        return False
    if actual.kind == "float":
        return _bits(actual) == _bits(expected) or (
            actual.scalar != actual.scalar and expected.scalar != expected.scalar
        )
    if actual.kind == "map":
        return _same_entries(actual, expected, _strictly_equal)
    return _same_items(actual, expected, _strictly_equal) and actual.scalar == expected.scalar


def _same_zero(actual: Value, expected: Value) -> bool:
    return actual.kind == expected.kind == "float" and actual.scalar == expected.scalar == 0


def _deep_equal(actual: Value, expected: Value) -> bool:
    """`assert.deepEqual`, the loose one: JavaScript's `==` for what is no object, and NaN is itself."""
    if actual.kind in ("other", "hole") or expected.kind in ("other", "hole"):
        return actual.kind == expected.kind == "hole"
    if actual.kind in ("list", "map") or expected.kind in ("list", "map"):
        if actual.kind != expected.kind:
            return False
        return (_same_entries if actual.kind == "map" else _same_items)(actual, expected, _deep_equal)
    return _loosely_equal(actual, expected)


def _loosely_equal(actual: Value, expected: Value) -> bool:
    if actual.kind == "none" or expected.kind == "none":
        return actual.kind == expected.kind
    if actual.kind == expected.kind == "text":
        return actual.scalar == expected.scalar
    left, right = _js_number(actual), _js_number(expected)
    return left == right or (actual.kind == expected.kind == "float" and left != left and right != right)


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


def _php(actual: Value, expected: Value, operator: str) -> bool:
    """`===`: of the same type; arrays with equal entries in the same order."""
    if actual.kind != expected.kind or actual.kind == "other":
        return False
    return (
        _same_items(actual, expected, lambda a, b: _php(a, b, operator)) and actual.scalar == expected.scalar
    )


def _bash(actual: Value, expected: Value, operator: str) -> bool:
    return actual.kind == expected.kind == "text" and actual.scalar == expected.scalar


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


def _same_items(actual: Value, expected: Value, equal: Callable[[Value, Value], bool]) -> bool:
    return len(actual.items) == len(expected.items) and all(map(equal, actual.items, expected.items))


def _same_entries(actual: Value, expected: Value, equal: Callable[[Value, Value], bool]) -> bool:
    """Whether two maps have the same keys, in any order, and equal values."""
    values, expected_values = actual.entries(), expected.entries()
    return values.keys() == expected_values.keys() and all(
        equal(values[key], expected_values[key]) for key in values
    )


def _same_primitive(actual: Value, expected: Value) -> bool:
    """`==` of Java and C# between numbers, or between truth values."""
    if "bool" in (actual.kind, expected.kind):
        return actual.kind == expected.kind and actual.scalar == expected.scalar
    return actual.kind in _ARITHMETIC and expected.kind in _ARITHMETIC and _same_number(actual, expected)


def _same_number(actual: Value, expected: Value) -> bool:
    """Both as the wider of their types, as the three compiled languages have it: a float is wider than any integer."""
    left, right = actual.scalar, expected.scalar
    assert isinstance(left, int | float) and isinstance(right, int | float)  # noqa: PT018
    if "float" not in (actual.kind, expected.kind):
        return left == right
    wide = "double" in (actual.type, expected.type)
    try:
        left, right = float(left), float(right)
    except OverflowError:
        return False
    return left == right if wide else float32(left) == float32(right)


def _bits(value: Value) -> bytes:
    return struct.pack("d", value.scalar)

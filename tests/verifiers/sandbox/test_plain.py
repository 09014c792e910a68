"""Plain values: what crosses between a program and its tests, and what leaves as JSON."""

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.sandbox.inside import frames, plain

texts = st.text(st.characters(codec=None))
scalars = (
    st.none() | st.booleans() | st.integers() | st.integers(-(1 << 9999), 1 << 9999) | st.floats() | texts
    | st.binary() | st.complex_numbers() | st.builds(bytearray, st.binary())
    | st.builds(range, st.integers(), st.integers(), st.integers(1))
)  # fmt: skip
keys = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.binary(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.sets(keys, max_size=3)
    | st.frozensets(keys, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=20,
)  # fmt: skip


def same(a, b):
    """Equal, with types, signs of zero and not-a-number."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    return a == b


@given(values)
def test_values_cross_unchanged(value):
    assert same(plain.load(plain.dump(value)), value)


@given(st.binary() | values.map(lambda value: json.dumps(repr(value)).encode()) | st.text().map(str.encode))
def test_bytes_that_are_no_value_are_told(data):
    with contextlib.suppress(plain.NotPlain):
        plain.load(data)


@pytest.mark.parametrize("tree", [
    ["list", ["no such type", 1]], ["int", "x"], ["int"], ["dict", [1]], ["set", ["list"]], ["range", "0", "1", "0x0"],
    ["complex", "1"], ["bytes", "zz"], 5, 1.5, {}, [], [1], ["float", None],
])  # fmt: skip
def test_trees_that_are_no_value_are_told(tree):
    with pytest.raises(plain.NotPlain):
        plain.load(json.dumps(tree).encode())


@pytest.mark.parametrize("depth", [199, 201, 100_000])
def test_depth_is_bounded(depth):
    value = []
    for _ in range(depth):
        value = [value]
    if depth < plain.MOST_DEPTH:
        assert plain.load(plain.dump(value)) == value
    else:
        with pytest.raises(plain.NotPlain):
            plain.dump(value)
        assert plain.to_json(value) is None
    with pytest.raises(plain.NotPlain):
        plain.load(b"[" * 100_000)


class Trap:
    """Raises whenever it is touched."""

    def __getattribute__(self, name):
        raise AssertionError(name)

    __eq__ = __hash__ = __iter__ = __len__ = __repr__ = __str__ = __bool__ = __reduce__ = __getattribute__


def overriding(base):
    """A subclass whose every method raises."""

    def refuse(*_):
        raise AssertionError("a method of the program's was called")

    names = set(dir(base)) - {
        "__new__",
        "__init__",
        "__init_subclass__",
        "__class__",
        "__getattribute__",
        "__subclasshook__",
    }
    names -= {"__setattr__", "__delattr__", "__hash__", "__dir__", "__doc__", "__sizeof__"}
    return type(f"Odd{base.__name__}", (base,), dict.fromkeys(names, refuse))


@pytest.mark.parametrize("value", [1, 1.5, 1j, "a", b"a", [1], (1,), {1}, frozenset({1}), {1: 2}, bytearray(b"a")],
                         ids=repr)  # fmt: skip
def test_of_a_subclass_only_the_base_is_read(value):
    base = type(value)
    odd = overriding(base)(value)
    assert same(plain.load(plain.dump(odd)), value)
    if base not in (bytes, bytearray, complex):
        assert plain.to_json(odd) == plain.to_json(value) is not None


def test_an_object_is_refused_untouched():
    trap = object.__new__(Trap)
    with pytest.raises(plain.NotPlain):
        plain.dump([trap])
    assert plain.to_json([trap]) is None


def test_exceptions_of_the_program_come_as_built_in_ones():
    assert type(plain.exception(["Odd", "KeyError", "LookupError"], b"x")) is KeyError
    assert type(plain.exception(["SystemExit", "BaseException"], b"x")) is Exception
    assert type(plain.exception(["UnicodeDecodeError", "ValueError"], b"x")) is ValueError
    assert (
        type(plain.exception("KeyError", b"x"))
        is type(plain.exception([1, None, "print"], b"x"))
        is Exception
    )


@given(st.dictionaries(st.text(), st.integers()), st.lists(st.binary(), max_size=4))
def test_messages_come_as_they_went(head, parts):
    message = frames.pack(head, parts)
    assert frames.wanted(message) == frames.wanted(message[:12]) == len(message)
    found, came = frames.unpack(message)
    assert ({name: found[name] for name in head if name != "sizes"}, came) == (
        {name: value for name, value in head.items() if name != "sizes"},
        parts,
    )


@given(st.binary(min_size=12))
def test_what_is_no_message_is_told(data):
    with contextlib.suppress(frames.LineBroken):
        frames.wanted(data)
        frames.unpack(data)

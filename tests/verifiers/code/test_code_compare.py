"""Comparing what programs print and return."""

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.code import same_output, same_value
from verifiers.code.compare import COMPARISONS, VALUE_COMPARISONS

OUTPUT = st.binary(max_size=40) | st.text(st.sampled_from("01.e-+ \n\r\tab"), max_size=40).map(str.encode)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("said", "wanted", "how"),
    [
        (b"1\n2\n", b"1\n2", {"lines", "tokens", "numbers", "caseless", "line_numbers", "unordered_lines"}),
        (b"1 \t\n2\n\n\n", b"1\n2\n", {"lines", "tokens", "numbers", "caseless", "line_numbers", "unordered_lines"}),
        (b"1\r\n2\r\n", b"1\n2\n", {"lines", "tokens", "numbers", "caseless", "line_numbers", "unordered_lines"}),
        (b"2\n1\n", b"1\n2\n", {"unordered_lines"}),
        (b"1 2\n", b"1\n2\n", {"tokens", "numbers", "caseless"}),
        (b"1  2\n", b"1 2\n", {"tokens", "numbers", "caseless", "line_numbers"}),
        (b" 1\n", b"1\n", {"tokens", "numbers", "caseless", "line_numbers"}),
        (b"\n1\n", b"1\n", {"tokens", "numbers", "caseless", "line_numbers"}),
        (b"1\n\n2\n", b"1\n2\n", {"tokens", "numbers", "caseless"}),
        (b"1.0\n", b"1\n", {"numbers", "caseless", "line_numbers"}),
        (b"1.0000001\n", b"1.0\n", {"numbers", "caseless"}),
        (b"1e0\n", b"1\n", {"numbers", "caseless", "line_numbers"}),
        (b"+07\n", b"7\n", {"numbers", "caseless", "line_numbers"}),
        (b"-0\n", b"0\n", {"numbers", "caseless", "line_numbers"}),
        (b"1.1\n", b"1.0\n", set()),
        (b"1000000001\n", b"1000000000\n", set()),
        (b"1" * 9_000, b"1" * 8_999 + b"2", set()),
        (b"-5\n", b"5\n", set()),
        (b"0x10\n", b"16\n", set()),
        (b"1_000\n", b"1000\n", set()),
        (b"1e400\n", b"1e500\n", set()),
        (b"nan\n", b"1\n", set()),
        (b"inf\n", b"1e300\n", set()),
        (b"1 1\n", b"1\n", set()),
        (b"1\n1\n2\n", b"1\n2\n2\n", set()),
        (b"", b"0\n", set()),
        (b"Yes\n", b"YES\n", {"caseless"}),
        (b"1 2.50\n3\n", b"1.0 2.5\n3.0\n", {"numbers", "caseless", "line_numbers"}),
        (b"1.0 x\n", b"1 x\n", {"numbers", "caseless"}),
        (b"\xff\n", b"\xfe\n", set()),
    ],
)  # fmt: skip
def test_output(said, wanted, how):
    assert {name for name in COMPARISONS if same_output(said, wanted, name)} == how


@given(OUTPUT)
def test_output_equals_itself(text):
    assert all(same_output(text, text, how) for how in COMPARISONS)


@given(OUTPUT, OUTPUT)
def test_each_way_to_compare_allows_what_a_stricter_one_does(said, wanted):
    for strict, loose in (
        ("exact", "lines"),
        ("lines", "tokens"),
        ("tokens", "numbers"),
        ("numbers", "caseless"),
        ("lines", "line_numbers"),
        ("lines", "unordered_lines"),
    ):
        assert not same_output(said, wanted, strict) or same_output(said, wanted, loose)


@given(st.floats(-1e12, 1e12), st.floats(0, 1e-3))
def test_a_number_within_the_tolerance(number, tolerance):
    near, far = number + tolerance * 0.9, number + 2 * tolerance * max(1.0, abs(number)) + 1e-3
    assert same_output(repr(near).encode(), repr(number).encode(), "numbers", tolerance or 1e-9)
    assert not same_output(repr(far).encode(), repr(number).encode(), "numbers", tolerance)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (4, 4),
        (4.0, 4),
        (4, 4.0),
        (0.1 + 0.2, 0.3),
        (-0.0, 0),
        (10**30, 10**30),
        (math.nan, math.nan),
        (math.inf, math.inf),
        (None, None),
        ("é", "é"),
        ([1, [2, 3]], [1, [2, 3]]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([0.1 + 0.2], [0.3]),
    ],
)
def test_values_that_are_equal(said, wanted):
    assert same_value(said, wanted)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (True, 1),
        (1, True),
        (False, 0),
        (0, False),
        (False, None),
        (0, None),
        ("", None),
        ([], None),
        ({}, []),
        ("4", 4),
        (4, "4"),
        (4.000001, 4),
        (10**30 + 1, 10**30),
        (10**400, 1.5),
        (1e17, 10**17 + 1),
        (math.nan, 0.0),
        (0.0, math.nan),
        (math.inf, 1e308),
        (-math.inf, math.inf),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({"a": 1}, {"a": 1, "b": 1}),
        ({"a": True}, {"a": 1}),
        ([True], [1.0]),
        ("a", "a "),
    ],
)
def test_values_that_differ(said, wanted):
    assert not same_value(said, wanted)


@given(VALUES)
def test_a_value_equals_itself_after_a_way_through_json(value):
    assert same_value(json.loads(json.dumps(value)), json.loads(json.dumps(value)))
    assert not same_value([value], value)


@given(st.lists(VALUES, max_size=6), st.randoms())
def test_items_in_any_order(items, random):
    items = json.loads(json.dumps(items))
    mixed = random.sample(items, len(items))
    assert same_value(mixed, items, "unordered_value")
    assert not same_value([*mixed, 1], items, "unordered_value")


@pytest.mark.parametrize(
    ("said", "wanted", "same"),
    [
        ([10.0, 9.999999999], [9.999999999, 10.000000001], True),
        ([2.0, 10], [10, 2], True),
        ([-1.5, 0.1 + 0.2, -20], [0.3, -20, -1.5], True),
        ([[1.0000000001, 5], [1.0, 7]], [[1.0, 5], [1.0000000001, 7]], True),
        ([[1.0000000001, 7], [1.0, 5]], [[1.0, 7], [1.0000000001, 5]], True),
        ([1, 1.0000001], [1, 1.0], True),
        ([1, 1.0000001], [1.0, 1], True),
        ([1.1, 2.0], [2.0, 1.0], False),
        ([1.0, 1.0], [1.0, 2.0], False),
        ([1.0], [1.0, 1.0], False),
        ([math.nan, 1.0], [1.0, math.nan], True),
        ([None, "a", True, 1], [1, True, "a", None], True),
        ([True], [1], False),
        ([[2, 1]], [[1, 2]], False),
    ],
)
def test_items_in_any_order_up_to_the_tolerance(said, wanted, same):
    assert same_value(said, wanted, "unordered_value") is same
    assert same_value({"__set__": said}, {"__set__": wanted}) is same


@given(st.lists(st.floats(-1e6, 1e6), max_size=30), st.randoms())
def test_floats_in_any_order(items, random):
    moved = [item * (1 + random.uniform(-4e-7, 4e-7)) for item in random.sample(items, len(items))]
    assert same_value(moved, items, "unordered_value")


@pytest.mark.parametrize(
    ("said", "wanted", "same"),
    [(True, 1, True), (0, False, True), ([1, [True]], [True, [1]], True), ({"a": 1}, {"a": True}, True),
     (2, True, False), ("1", 1, False), (1.0, True, True), (None, False, False), ([1], [1, 1], False)],
)  # fmt: skip
def test_values_that_are_equal_in_python(said, wanted, same):
    assert same_value(said, wanted, "equal", 0.0) is same


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (b"1 2\n3\n", b"1 2\n3"),
        (b"\n  1 2 \n3\n\n", b"1 2\n3\n"),
        (b"1.0 2e0\n", b"1 2\n"),
        (b"a  b\n", b"a  b\n"),
        (b"0.10 7\n", b"0.1 7\n"),
    ],
)
def test_lines_of_numbers_that_are_equal(said, wanted):
    assert same_output(said, wanted, "line_numbers")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (b"1\n2\n3\n", b"1 2\n3\n"),
        (b"1 2 3\n", b"1 2\n3\n"),
        (b"a b\n", b"a  b\n"),
        (b"1.0000001\n", b"1.0\n"),
        (b"1 x\n", b"1.0 x\n"),
        (b"1\n\n2\n", b"1\n2\n"),
        (b"nan\n", b"0\n"),
    ],
)
def test_lines_of_numbers_that_differ(said, wanted):
    assert not same_output(said, wanted, "line_numbers")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [(b"0", b".0"), (b"0", b""), (b"-0", b"x"), (b"1", b".5"), (b"9", b"e"), (b"0", b"0.")],
)
def test_numbers_are_compared_in_linear_time(said, wanted):
    def cost(digits: int) -> float:
        one, other = said * digits, said * digits + wanted
        started = time.process_time()
        for how in ("numbers", "line_numbers", "caseless"):
            same_output(one, other, how)
            same_output(other, one, how, 0.0)
        return time.process_time() - started

    assert cost(160_000) < 8 * cost(40_000) + 0.5


@given(VALUES, VALUES)
def test_comparing_never_fails(said, wanted):
    for how in VALUE_COMPARISONS:
        assert same_value(said, wanted, how) in (True, False)

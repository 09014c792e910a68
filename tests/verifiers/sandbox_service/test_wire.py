"""The JSON form: what goes in comes out, and nothing else comes in."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.sandbox import (
    LANGUAGES,
    LAYERS,
    LIMITS,
    OUTCOMES,
    Call,
    Check,
    Execution,
    Limits,
    Program,
    Stdin,
)
from verifiers.sandbox.wire import (
    Problem,
    Request,
    exceeded,
    execution_to_json,
    input_to_json,
    problem_to_json,
    reply_from_json,
    request_from_json,
    request_to_json,
)

TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=20).filter(
    lambda text: (
        json.loads(json.dumps(text)) == text
    )  # two lone surrogates side by side are one character in JSON
)
WHOLE = st.integers(1, 1 << 40)
SECONDS = st.floats(1e-6, 1e6) | st.integers(1, 1_000)
INPUTS = st.builds(Stdin, st.binary(max_size=50)) | st.builds(Call, TEXT, TEXT) | st.builds(Check, TEXT, TEXT)
PROGRAMS = st.builds(Program, TEXT, st.sampled_from(LANGUAGES), st.dictionaries(TEXT, TEXT, max_size=3))
LIMIT_SETS = st.builds(Limits, SECONDS, SECONDS, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE)
EXECUTIONS = st.builds(
    Execution,
    st.sampled_from(OUTCOMES),
    TEXT,
    st.none() | st.integers(-300, 300),
    st.none() | st.integers(1, 64),
    st.none() | st.sampled_from(LIMITS),
    st.binary(max_size=50),
    st.binary(max_size=50),
    st.none() | TEXT,
    st.floats(0, 1e6),
    st.floats(0, 1e6),
    WHOLE,
    st.lists(st.sampled_from(LAYERS), max_size=4).map(tuple),
)


@given(program=PROGRAMS, inputs=st.lists(INPUTS, max_size=4), limits=LIMIT_SETS)
def test_requests_come_out_as_they_went_in(program, inputs, limits):
    body = request_to_json(program, [input_to_json(one) for one in inputs], limits)
    assert request_from_json(body) == Request(program, tuple(inputs), limits)


@given(execution=EXECUTIONS)
def test_executions_come_out_as_they_went_in(execution):
    line = execution_to_json(execution)
    assert line.count(b"\n") == 1
    assert reply_from_json(line) == execution


@given(error=TEXT, again=st.booleans())
def test_problems_come_out_as_they_went_in(error, again):
    line = problem_to_json(Problem(error, again))
    assert line.count(b"\n") == 1
    assert reply_from_json(line) == Problem(error, again)


def test_what_is_left_out_has_the_defaults():
    body = b'{"program": {"source": "x"}, "inputs": [{"stdin": ""}], "limits": {"processes": 3}}'
    assert request_from_json(body) == Request(Program("x"), (Stdin(),), Limits(processes=3))


@given(name=st.sampled_from([field.name for field in fields(Execution)]), execution=EXECUTIONS)
def test_an_execution_has_all_of_its_fields(name, execution):
    found = json.loads(execution_to_json(execution))
    del found[name]
    with pytest.raises(ValueError, match=f"lacks the field `{name}`"):
        reply_from_json(json.dumps(found).encode())


@given(line=st.binary(max_size=100))
def test_other_lines_are_value_errors(line):
    with pytest.raises(ValueError, match=r"\.$"):
        reply_from_json(line)


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_each_limit_has_a_bound(name):
    most = Limits()
    assert exceeded(most, most) is None
    assert exceeded(replace(most, **{name: getattr(most, name) / 2}), most) is None
    assert f"`limits.{name}` is" in exceeded(replace(most, **{name: getattr(most, name) * 2}), most)

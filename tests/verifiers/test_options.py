"""Options are checked before anything is judged: their names and their values."""

import pytest

from verifiers import KINDS
from verifiers.options import check_options, has_option


@pytest.mark.parametrize(
    ("kind", "name", "value", "allowed"),
    [
        ("choice", "fallback", "any", "one of 'none', 'last_line', 'last_letter', 'last_mention'"),
        (
            "math",
            "fallback",
            "last_letter",
            "one of 'none', 'last_line', 'last_formula', 'last_number', 'any'",
        ),
        ("true_false", "fallback", 3, "one of 'none', 'last_line', 'last_formula', 'last_number', 'any'"),
        ("text", "match", "loose", "one of 'normalised', 'exact'"),
        ("math", "units", "optionl", "one of 'optional', 'required', 'same'"),
        ("math", "symbolic", "no", "true or false"),
        ("math", "timeout", "1", "a number"),
        ("math", "timeout", True, "a number"),
        ("math", "rounding", "four", "a whole number or null"),
        ("countdown", "operators", 5, "text"),
        ("instructions", "mode", None, "one of 'strict', 'loose'"),
        ("code", "score", "half", "one of 'all', 'share'"),
    ],
)
def test_a_value_that_the_verifier_refuses_is_one_sentence(kind, name, value, allowed):
    with pytest.raises(
        ValueError, match=f"^The {kind} verifier's option {name} is .*; it must be {allowed}[.]$"
    ):
        check_options(kind, {name: value})


def test_good_values_and_those_that_only_the_verifier_can_tell_pass():
    check_options(
        "math", {"fallback": "any", "timeout": 1, "rounding": None, "symbolic": False, "units": "same"}
    )
    check_options("choice", {"options": {"A": "Rome"}, "finish_reason": None, "fallback": "last_letter"})
    check_options("code", {"sandbox": "http://host:8000", "score": "share"})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_takes_marks_of_thinking_and_refuses_others(kind):
    assert has_option(kind, "thinking_marks")
    check_options(kind, {"thinking_marks": [["<plan>", "</plan>"]]})
    with pytest.raises(ValueError, match="are pairs of an opening and a closing mark"):
        check_options(kind, {"thinking_marks": "<plan>"})
    with pytest.raises(ValueError, match=f"^The {kind} verifier has no option 'marks'; it has "):
        check_options(kind, {"marks": 1})

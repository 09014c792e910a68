from fractions import Fraction

import pytest

from verifiers.arithmetic import parse


@pytest.mark.parametrize(
    ("text", "value", "literals"),
    [
        ("3 * 4 + 5", 17, (3, 4, 5)),
        ("3*(4+5)", 27, (3, 4, 5)),
        ("10 - 4 - 3", 3, (10, 4, 3)),
        ("8 / 4 / 2", 1, (8, 4, 2)),
        ("1 ÷ 3", Fraction(1, 3), (1, 3)),
        ("2 × 3 · 4 − 1", 23, (2, 3, 4, 1)),
        (r"2 \times 3 \cdot 4", 24, (2, 3, 4)),
        ("((7))", 7, (7,)),
        ("-3 + 5", 2, (-3, 5)),
        ("0", 0, (0,)),
    ],
)
def test_reads(text, value, literals):
    parsed = parse(text)
    assert parsed.value == value
    assert parsed.literals == literals


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no expression"),
        ("07 + 1", "leading zero"),
        ("3 4", "operator should stand"),
        ("3 (4)", "operator should stand"),
        ("2 ** 3", "exponent"),
        ("2 ^ 3", "exponent"),
        ("9 // 2", "'//'"),
        ("1 / 0", "divides by zero"),
        ("-(3)", "number should stand"),
        ("--3", "number should stand"),
        ("3 +", "ends where"),
        ("(3", "closing parenthesis"),
        ("3)", "operator should stand"),
        ("3.5", "operator should stand"),
        ("x + 1", "'x'"),
        ("٣ + 1", "number should stand"),
        ("３", "number should stand"),
        ("²", "number should stand"),
        ("1" * 19, "digits"),
        ("(" * 41 + "1" + ")" * 41, "nested deeper"),
        ("1+" * 200 + "1", "more than 200 numbers"),
        ("1" * 5000, "characters"),
        ("__import__('os')", "'_'"),
    ],
)
def test_refuses_with_a_reason(text, reason):
    with pytest.raises(ValueError, match=reason.replace("(", r"\(")):
        parse(text)

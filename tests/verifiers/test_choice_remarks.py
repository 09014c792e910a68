"""What is said behind a stated option: units, quantities and variables are no options, a doubt still is one."""

import re

import pytest

from verifiers import choice

FOUR = ["Rome", "Paris", "Oslo", "Bern"]

EXPLAINED = [
    ("The answer is (J).\n\nThe volume is (0.04 mol) / (0.125 mol/L) = 0.320 L = 320 mL.", "J"),
    ("The answer is (D).\n\nThe gas constant is R = 0.0821 L·atm/(mol·K), or R = 8.31 J/(mol·K).", "D"),
    ("The answer is (D).\n\nR is also a constant; V also grows with T.", "D"),
    ("The answer is (B). The field strength is 5 J/C.", "B"),
    ("The answer is (B). The field strength is in N/C, and the power in J/s or V·A.", "B"),
    ("The answer is (B). The slope is 5 V/A.", "B"),
    ("The answer is (B): 0.5 mol/L", "B"),
    ("The answer is (B), 5 V, or 5 J/C.", "B"),
    ("The answer is (B). The current is 6 V / 2 A = 3 A.", "B"),
    ("The answer is (B). A current of 3 A also flows back.", "B"),
    ("The answer is (B). Water at 25 °C also conducts; one at $25\\,C$ is too.", "B"),
    ("The answer is (B). The charge is 4 A·h / 2 h, or A·h if you will.", "B"),
    ("The answer is (B). From PV = nRT, or V = nRT/P.", "B"),
    ("The answer is (B). By Newton, F = ma, or F = 5 N.", "B"),
    ("The answer is (C), F = 5 N.", "C"),
    ("The answer is (B), V = 5 L.", "B"),
    ("The answer is (B)\n[C] = 0.5 M at the start.", "B"),
    ("(B) is the correct answer. The rest of it is 320 L or V litres.", "B"),
    ("**B** is the answer. It is mol/L, V/m or A/m.", "B"),
]
"""Responses that decide for an option, and explain it."""

DOUBTED = [
    ("The answer is (B). It could be C.", "B"),
    ("The answer is (B). Or maybe J.", "B"),
    ("The answer is (B). Or (D).", "B"),
    ("The answer is (B), V = 5 L. Perhaps C.", "B"),
    ("The answer is (B). It is 320 L, but C is also possible.", "B"),
    ("The answer is (B).\n\nIt is 5 J/C, or A.", "B"),
    ("The answer is (B). C is also correct.", "B"),
    ("The answer is (B) / (C).", "B"),
    ("The answer is A. Rome / B. Paris", "A"),
    ("The answer is A. Rome / (B) Paris", "A"),
    ("The answer is B/C", "B"),
    ("The answer is B or C = Oslo.", "B"),
    ("The answer is B or X.", "B"),
    ("The answer is B and X.", "B"),
    ("The answer is B, C.", "B"),
    ("The answer is L.", "B"),
    ("B is the answer. It came to 12 or C.", "B"),
]
"""Responses that name another option too."""


@pytest.mark.parametrize(("response", "letter"), EXPLAINED)
def test_a_unit_or_variable_in_an_explanation_is_no_option(response, letter):
    assert choice.verify(response, letter).correct, choice.verify(response, letter)
    other = "A" if letter != "A" else "B"
    assert not choice.verify(response, other).correct
    if letter in "ABCD":
        assert choice.verify(response, letter, options=FOUR).correct


@pytest.mark.parametrize(("response", "letter"), DOUBTED)
def test_another_option_is_a_doubt_whatever_units_stand_beside_it(response, letter):
    for options in (None, FOUR):
        if options is None or not re.search(r"\bJ\b", response.replace("J/C", "")):
            assert not choice.verify(response, letter, options=options).correct


@pytest.mark.parametrize("hedge", ["Or maybe {}.", "It could be {}.", "{} is also possible.", "或者{}"])
def test_a_doubt_names_one_of_the_options_there_are(hedge):
    for letter, options, right in [
        ("C", None, False),
        ("J", None, False),
        ("K", None, True),
        ("C", FOUR, False),
        ("E", FOUR, True),
        ("V", FOUR, True),
    ]:
        response = "The answer is (B). " + hedge.format(letter)
        assert choice.verify(response, "B", options=options).correct is right, (response, options)
    assert not choice.verify("The answer is (B). " + hedge.format("K"), ["B", "L"]).correct


def test_the_last_letter_is_that_of_an_option():
    for response in ("It is B: the volume is 320 L", "Let it be B: it draws 3 A", "Say B, at last V"):
        assert choice.verify(response, "B", fallback="last_letter").correct, response
    assert choice.verify("Say B, at last C", "C", fallback="last_letter").correct

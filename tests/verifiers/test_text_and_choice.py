import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers import choice, text


@pytest.mark.parametrize(
    ("response", "reference", "correct"),
    [
        ("<answer> yes </answer>", "yes", True),
        ("<answer> Yes. </answer>", "yes", True),
        ("The answer is **Paris**.", "paris", True),
        (r"\boxed{\text{New  York}}", "New York", True),
        ("yes", "yes", True),
        ("<answer> no </answer>", "yes", False),
        ("<answer> yes or no </answer>", "yes", False),
        ("<answer></answer>", "yes", False),
    ],
)
def test_text(response, reference, correct):
    assert text.verify(response, reference).correct is correct


def test_text_exactly_or_one_of_several():
    assert not text.verify("<answer>Yes</answer>", "yes", match="exact").correct
    assert text.verify("<answer>yes</answer>", "yes", match="exact").layer == "exact"
    assert text.verify("<answer>aye</answer>", ["yes", "Aye"]).correct
    assert text.verify("<think> x", "yes", finish_reason="length").status == "truncated"
    for bad in (None, [], [1], 3):
        with pytest.raises(ValueError, match="text reference"):
            text.verify("x", bad)
    with pytest.raises(ValueError, match="match"):
        text.verify("x", "y", match="fuzzy")


@given(st.text(max_size=60))
def test_text_matches_itself_or_is_no_answer(line):
    reference = "".join(character for character in line if character not in "\\<#◁").strip()
    verdict = text.verify(f"<answer>{reference}</answer>", reference)
    assert verdict.correct


@pytest.mark.parametrize(
    "response",
    ["<answer> B </answer>", "(B)", "b", "B.", r"\boxed{B}", r"\boxed{\text{(B)}}", "The answer is (B).",
     "The correct answer is B.",
     "The correct answer is **B**.", "Answer: B", "答案是 B。", "答案：B", "答案为：B",
     "The answer is B. Paris",
     "The answer is option B", "#### B", "<think> A </think> The answer is B) Paris"],
)  # fmt: skip
def test_choice_phrasings(response):
    verdict = choice.verify(response, "B")
    assert verdict.correct, verdict
    assert not choice.verify(response, "A").correct


@pytest.mark.parametrize(
    "answer",
    ["A or B", "A and B", "A, B", "not B", "B?! or maybe A", "", "BB B C", "b" * 1000, "B) or A)", "Bananas"],
)
def test_a_hedge_is_no_choice(answer):
    assert choice.verify(f"<answer>{answer}</answer>", "B").status == "wrong"


def test_several_choices_and_option_texts():
    assert choice.verify("<answer> A and C </answer>", "AC").correct
    assert choice.verify("<answer> C, A </answer>", "A, C").correct
    assert not choice.verify("<answer> A </answer>", "AC").correct
    options = {"A": "Rome", "B": "Paris"}
    assert choice.verify("<answer> paris </answer>", "B", options=options).correct
    assert not choice.verify("<answer> B. Rome </answer>", "B", options=options).correct
    assert not choice.verify("<answer> Rome </answer>", "B", options=options).correct
    with pytest.raises(ValueError, match="choice reference"):
        choice.verify("B", "b or c")

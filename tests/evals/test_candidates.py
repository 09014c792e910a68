"""maj@k counts what the verifier holds equal as one candidate."""

from time import process_time

import pytest

from evals.candidates import votes
from evals.metrics import maj_at_k
from evals.types import Sample
from verifiers import verify
from verifiers.equal import equal_answers


def samples(kind, responses, reference, **options):
    return [
        Sample("p", index, response, 1, "stop", verify(kind, response, reference, **options), index)
        for index, response in enumerate(responses)
    ]


def majority(kind, responses, reference, **options):
    return maj_at_k([votes(samples(kind, responses, reference, **options))], len(responses))


@pytest.mark.parametrize(
    ("kind", "responses", "reference", "expected"),
    [
        ("choice", ["The answer is (B).", "Answer: B", "A", "Option A is correct.", r"\boxed{\text{B}}"], "B", 1.0),
        ("choice", ["The answer is (A).", "Answer: A", "B"], "B", 0.0),
        ("choice", ["A and C", "C, A", "B", "B."], "AC", 0.5),
        ("math", [r"\boxed{0.5}", r"\boxed{1/2}", r"\boxed{3}", r"\boxed{4}"], "1/2", 1.0),
        ("math", [r"\boxed{2}", r"\boxed{0.5}", r"\boxed{\frac{1}{2}}", r"\boxed{2}", r"\boxed{1/2}"], "2", 0.0),
        ("math", [r"\boxed{2}", r"\boxed{0.5}", r"\boxed{\frac{1}{2}}", r"\boxed{2}"], "2", 0.5),
        ("text", ["<answer>the Danube</answer>", "<answer>Danube.</answer>", "<answer>Rhine</answer>"], "Danube", 1.0),
        ("true_false", ["Yes.", "The answer is true.", "no"], True, 1.0),
        ("choice", ["no idea", "B"], "B", 1.0),
    ],
)  # fmt: skip
def test_equal_answers_are_one_candidate(kind, responses, reference, expected):
    assert majority(kind, responses, reference) == expected


def test_an_options_text_and_its_letter_are_one_candidate():
    options = {"options": ["Rome", "Paris"]}
    assert majority("choice", ["It must be Paris.", "(B)", "Rome"], "B", **options) == 1.0


def test_right_and_wrong_are_never_one_candidate():
    exact = samples("text", ["<answer>Yes</answer>", "<answer>yes</answer>"], "yes", match="exact")
    (first, _), (second, _) = votes(exact)
    assert first != second


def test_what_is_no_formula_is_equal_to_nothing_but_itself():
    answers = ["nan", "", "x" * 5_000, r"\frac{", "nan", "7"]
    assert equal_answers("math", answers) == [0, 1, 2, 3, 0, 5]


def test_many_different_answers_take_little_time():
    answers = [rf"\frac{{{n}}}{{{n + 1}}} + \sqrt{{{n}}}" for n in range(1, 65)]
    started = process_time()
    assert equal_answers("math", answers) == list(range(64))
    assert process_time() - started < 20

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers import ordering

REFERENCE = {"items": ["A", "B", "C"], "constraints": [["B", "A"], ["A", "C"]]}


def judge(answer, reference=REFERENCE, **options):
    return ordering.verify(f"<think> A , B </think> <answer> {answer} </answer>", reference, **options)


@pytest.mark.parametrize("answer", ["B A C", "B , A , C", "B,A,C", "B < A < C", "B<A<C", " B  A\nC "])
def test_right(answer):
    assert judge(answer).correct


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("A B C", "B must come before A"),
        ("B C A", "A must come before C"),
        ("B A", "leaves out C"),
        ("B A A C", "'A' stands twice"),
        ("B A C D", "'D' is not one of the items"),
        ("b a c", "'b' is not one of the items"),
        ("C > A > B", "'>' is not one of the items"),
        ("B A C or A B C", "'or' is not one of the items"),
        ("B , , A C", "no item beside it"),
        ("B < A <", "no item beside it"),
        ("", "no item beside it"),
        ("B A C " * 5000, "characters"),
        ("BAC", "'BAC' is not one of the items"),
    ],
)
def test_wrong_with_a_reason(answer, reason):
    verdict = judge(answer)
    assert verdict.status == "wrong"
    assert reason in verdict.reason


def test_several_orders_can_be_right():
    reference = {"items": ["x", "y", "z"], "constraints": [["x", "y"]]}
    assert judge("x y z", reference).correct
    assert judge("z x y", reference).correct
    assert not judge("y z x", reference).correct


def test_no_answer_and_truncation():
    assert ordering.verify("B A C", REFERENCE).status == "no_answer"
    assert ordering.verify("<think> B A C", REFERENCE, finish_reason="length").status == "truncated"


@pytest.mark.parametrize(
    "reference",
    [None, {}, {"items": [], "constraints": []}, {"items": ["A", "A"], "constraints": []},
     {"items": "AB", "constraints": []},
     {"items": ["A", "B"], "constraints": [["A", "Z"]]}, {"items": ["A", "B"], "constraints": [["A"]]},
     {"items": ["A", "B C"], "constraints": []}, {"items": ["A", "B"], "constraints": [["A", "A"]]},
     {"items": ["A", 1], "constraints": []}],
)  # fmt: skip
def test_a_malformed_reference_is_the_callers_mistake(reference):
    with pytest.raises(ValueError, match="ordering reference is"):
        judge("A B", reference)


@given(st.lists(st.sampled_from("ABCDEFGH"), min_size=2, unique=True), st.integers(0, 2**32))
def test_an_order_satisfies_its_own_constraints_and_not_one_reversed(order, seed):
    draw = random.Random(seed)
    pairs = [[a, b] for place, a in enumerate(order) for b in order[place + 1 :]]
    kept = draw.sample(pairs, draw.randint(1, len(pairs)))
    reference = {"items": draw.sample(order, len(order)), "constraints": kept}
    text = draw.choice([" ", " , ", ",", " < "]).join(order)
    assert judge(text, reference).correct
    assert not judge(text, {**reference, "constraints": [*kept, kept[0][::-1]]}).correct
    assert not judge(" ".join(order[:-1]), reference).correct


@given(st.text(max_size=100))
def test_any_text_gets_a_verdict(text):
    assert judge(text, {"items": ["first", "second"], "constraints": []}).status in (
        "wrong",
        "no_answer",
        "correct",
    )

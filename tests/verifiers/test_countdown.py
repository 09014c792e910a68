import random
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verifiers import countdown

REFERENCE = {"numbers": [3, 4, 5], "target": 17}


def judge(answer, reference=REFERENCE, **options):
    return countdown.verify(
        f"<think> try 3 + 4 = 7 </think> <answer> {answer} </answer>", reference, **options
    )


@pytest.mark.parametrize(
    "answer",
    [
        "( 3 * 4 ) + 5",
        "3*4+5",
        "5 + 4 * 3",
        "3 × 4 + 5 = 17",
        "( ( 3 ) * 4 ) + 5 = 17",
        "3 * 4 = 12 , 12 + 5 = 17",
        "3 * 4 = 12 ; 12 + 5 = 17 ;",
        "3 * 4 = 12\n5 + 12 = 17\n",
        "3 * 4 = 12 , 12 + 5",
    ],
)
def test_right(answer):
    verdict = judge(answer)
    assert verdict.correct
    assert verdict.score == 1.0
    assert verdict.verifier == "countdown"
    assert verdict.layer == "arithmetic"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "no expression"),
        ("17", "bare number"),
        ("17 = 17", "bare number"),
        ("3 + 4 + 5", "evaluates to 12, not 17"),
        ("3 + 4 + 5 = 17", "says 17, but the expression evaluates to 12"),
        ("3 * 4 + 5 = 18", "says 18"),
        ("3 * 4", "does not use 5"),
        ("4 * 4 + 5", "uses 4 twice"),
        ("3 * 4 + 5 + 0", "uses 0, which is not available"),
        ("3 * 4 + 5 or 3 + 4", "'o'"),
        ("3 * 4 + 5 , 3 * 4 + 5", "no result"),
        ("3 * 4 = 12 , 12 + 5 = 17 , 17 = 17", "bare number"),
        ("3 * 4 = 12 , 5 = 5", "bare number"),
        ("3 * 4 = 13 , 13 + 5 = 18", "says 13"),
        ("3 * 4 = 12 , 12 + 5 = 16", "says 16"),
        ("3 * 4 = 12 , 12 + 12 = 24", "uses 12 twice"),
        ("3 * 4 = 12 , 3 * 4 = 12 , 12 + 5 = 17", "uses 3, which is not available"),
        ("3 * 4 = 12 = 12 + 5 = 17", "not an integer"),
        ("3 * 4 = 12 ,, 12 + 5 = 17", "step is empty"),
        ("- 3 + 20", "uses -3, which is not available"),
        ("-(3 - 20)", "number should stand"),
        ("3 ^ 4 + 5", "exponent"),
        ("3 ** 4 + 5", "exponent"),
        ("34 - 17", "uses 34"),
        ("3 4 - 5", "operator should stand"),
        ("03 * 4 + 5", "leading zero"),
        ("3 * 4 + 5.0", "operator should stand"),
        ("5 * ( 3 + 4 ) / 1", "uses ÷"),
        ("3 * 4 + 5 = seventeen", "not an integer"),
        ("3 * 4 + 5 <answer> 3", "bare number"),
        ("9" * 3000, "digits"),
        ("9" * 100_000, "characters"),
        ("(" * 1000 + "3" + ")" * 1000, "nested deeper"),
        ("eval('17')", "'e'"),
        ("3 * 4 + 5 \x00", "operator should stand"),
    ],
)
def test_wrong_with_a_reason(answer, reason):
    verdict = judge(answer)
    assert verdict.status == "wrong"
    assert verdict.score == 0.0
    assert reason in verdict.reason


def test_division_is_an_option():
    reference = {"numbers": [6, 3], "target": 2}
    assert not judge("6 / 3", reference).correct
    assert judge("6 / 3", reference, operators="+-*/").correct


def test_a_negative_result_can_be_used_in_a_later_step():
    assert judge("3 - 5 = - 2 , - 2 + 4 = 2", {"numbers": [3, 4, 5], "target": 2}).correct


def test_every_result_must_be_used():
    verdict = judge("3 * 4 = 12 , 5 + 6 = 11", {"numbers": [3, 4, 5, 6], "target": 11})
    assert verdict.reason == "It does not use 12."


def test_no_answer_and_truncation():
    for response in ("", "3 * 4 + 5", "<think> 3 * 4 + 5", "<think> </think> <answer> 3 * 4 + 5"):
        unknown = "truncated" if response.startswith("<think> 3") else "no_answer"
        assert countdown.verify(response, REFERENCE).status == unknown
        assert countdown.verify(response, REFERENCE, finish_reason="stop").status == "no_answer"
        assert countdown.verify(response, REFERENCE, finish_reason="length").status == "truncated"
    assert judge("3 * 4 + 5", finish_reason="length").correct


@pytest.mark.parametrize(
    "reference",
    [None, {}, {"numbers": [], "target": 1}, {"numbers": [1, 2]}, {"numbers": "12", "target": 1}, [1, 2],
     {"numbers": [1.0, 2], "target": 3}, {"numbers": [1, 2], "target": "3"},
     {"numbers": [True, 2], "target": 3}],
)  # fmt: skip
def test_a_malformed_reference_is_the_callers_mistake(reference):
    with pytest.raises(ValueError, match="countdown reference is"):
        judge("1 + 2", reference)


def test_a_response_that_is_no_text_is_the_callers_mistake():
    with pytest.raises(ValueError, match="must be a string"):
        countdown.verify(None, REFERENCE)


# Generated from trees

TREES = st.recursive(
    st.integers(1, 99),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner),
    max_leaves=6,
).filter(lambda tree: isinstance(tree, tuple))


def value(tree):
    if isinstance(tree, int):
        return tree
    left, right = value(tree[0]), value(tree[2])
    return {"+": left + right, "-": left - right, "*": left * right}[tree[1]]


def leaves(tree):
    return [tree] if isinstance(tree, int) else leaves(tree[0]) + leaves(tree[2])


def printed(tree, draw, top=True):
    """The tree in a style drawn at random: signs, spaces, redundant parentheses."""
    if isinstance(tree, int):
        return str(tree) if draw.random() < 0.9 else f"( {tree} )"
    sign = draw.choice({"+": "+", "-": "-−", "*": "*×·"}[tree[1]])
    space = draw.choice(["", " "])
    left, right = printed(tree[0], draw, False), printed(tree[2], draw, False)
    text = f"{left}{space}{sign}{space}{right}"
    return text if top and draw.random() < 0.5 else f"({space}{text}{space})"


def steps(tree, found):
    if isinstance(tree, int):
        return tree
    left, right = steps(tree[0], found), steps(tree[2], found)
    result = value(tree)
    found.append(f"{left} {tree[1]} {right} = {result}")
    return result


@given(TREES, st.integers(0, 2**32))
def test_any_expression_verifies_for_its_own_numbers_and_value(tree, seed):
    draw = random.Random(seed)
    reference = {"numbers": draw.sample(leaves(tree), len(leaves(tree))), "target": value(tree)}
    text = printed(tree, draw)
    assert judge(text, reference).correct
    assert judge(f"{text} = {value(tree)}", reference).correct


@given(TREES)
def test_any_expression_verifies_as_steps(tree):
    found = []
    steps(tree, found)
    reference = {"numbers": leaves(tree), "target": value(tree)}
    for separator in (" , ", " ; ", "\n"):
        assert judge(separator.join(found), reference).correct


@given(TREES, st.integers(0, 2**32), st.integers(1, 9))
def test_a_changed_number_or_target_fails(tree, seed, change):
    draw = random.Random(seed)
    numbers = leaves(tree)
    text = printed(tree, draw)
    assert not judge(text, {"numbers": numbers, "target": value(tree) + change}).correct
    place = draw.randrange(len(numbers))
    changed = [*numbers[:place], numbers[place] + change, *numbers[place + 1 :]]
    assert not judge(text, {"numbers": changed, "target": value(tree)}).correct
    assert not judge(text, {"numbers": [*numbers, change], "target": value(tree)}).correct
    assert not judge(text, {"numbers": numbers[1:] or [change + numbers[0]], "target": value(tree)}).correct


@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text):
    assume("<answer>" not in text)
    assert judge(text, {"numbers": [3, 4, 5], "target": 170_000_003}).status in ("wrong", "no_answer")


def test_is_fast_enough_for_the_training_loop():
    response = "<think> " + "try 3 * 4 = 12 ; no " * 25 + "</think> <answer> ( 3 * 4 ) + 5 </answer>"
    started = time.process_time()
    for _ in range(2_000):
        countdown.verify(response, REFERENCE)
    assert (time.process_time() - started) / 2_000 < 200e-6  # about 12e-6 on an idle core

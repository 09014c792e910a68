import json
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verifiers import choice, text, true_false
from verifiers.text import normalise

DATA = Path(__file__).parents[1] / "data"
VERIFIERS = {"text": text.verify, "true_false": true_false.verify}


def rows(name):
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


CHOICES, TEXTS = rows("choice_pairs.jsonl"), rows("text_pairs.jsonl")

# --- The labelled pairs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", CHOICES, ids=lambda row: row["response"][:40])
def test_labelled_choices(row):
    more = {name: row[name] for name in ("options", "fallback") if name in row}
    verdict = choice.verify(row["response"], row["reference"], **more)
    assert verdict.correct is row["label"], verdict


@pytest.mark.parametrize("row", TEXTS, ids=lambda row: row["response"][:40])
def test_labelled_texts(row):
    verdict = VERIFIERS[row["kind"]](row["response"], row["reference"], **row.get("options", {}))
    assert verdict.correct is row["label"], verdict


def test_the_labelled_pairs_are_many_and_of_both_kinds():
    for pairs in (CHOICES, TEXTS):
        right = sum(row["label"] for row in pairs)
        assert len(pairs) >= 200
        assert min(right, len(pairs) - right) >= len(pairs) / 5
        assert len({json.dumps(row, sort_keys=True) for row in pairs}) == len(pairs)


# --- Choice -------------------------------------------------------------------------------------------------

LETTERS = st.sampled_from("ABCDEFGHIJ")
PHRASES = st.sampled_from(
    ["{}", "({})", "**{}**", r"\boxed{{{}}}", r"\boxed{{\text{{({})}}}}", "<answer>{}</answer>", "Answer: {}",
     "The answer is {}.", "The correct option is ({}).", "I would go with {}.", "Option {} is correct.",
     "{} is the best answer.", "故选{}。", "答案：{}", "正确答案是（{}）", "选项{}正确"]
)  # fmt: skip
PROSE = st.text(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz ,.\n"), max_size=200
).filter(lambda prose: not re.search(r"answer|option|choice|pick|correct|right|true", prose))  # fmt: skip


@given(PROSE, PHRASES, LETTERS, LETTERS)
def test_a_stated_letter_is_found_behind_any_prose_and_no_other_is(prose, phrase, letter, other):
    response = f"{prose}\n\n" * ("{}" not in phrase[:3]) + phrase.format(letter)
    assert choice.verify(response, letter).correct
    assert choice.verify(response, other).correct is (letter == other)


@given(
    st.lists(LETTERS, min_size=2, max_size=5, unique=True), st.sampled_from([", ", "、", " and ", " & ", ""])
)
def test_several_letters_mean_the_same_in_any_order_and_no_part_of_them_is_enough(letters, joint):
    response = f"<answer>{joint.join(letters)}</answer>"
    assert choice.verify(response, "".join(sorted(letters))).correct
    assert choice.verify(response, list(reversed(letters))).correct
    assert not choice.verify(response, letters[0]).correct
    assert not choice.verify(f"<answer>{letters[0]}</answer>", letters).correct


@given(
    st.permutations("ABCD"),
    st.sampled_from(["{} or {}", "{}/{}", "{}, but it could be {}", "{}. Or maybe {}."]),
)
def test_a_hedge_is_never_right(letters, hedge):
    for wanted in ("A", "B", "C", "D", "AB"):
        response = hedge.format(letters[0], letters[1])
        for marked in (response, f"The answer is {response}", f"<answer>{response}</answer>"):
            assert not choice.verify(marked, wanted).correct, marked


@given(st.text(max_size=300), st.sampled_from([None, {"A": "x", "B": "y"}, {"1": "x", "2": "y"}]))
def test_no_text_breaks_it(response, options):
    reference = "2" if options and "2" in options else "B"
    verdict = choice.verify(response, reference, options=options)
    assert verdict.status in ("correct", "wrong", "no_answer", "truncated")
    assert verdict.answer is not None or verdict.status == "no_answer"


def test_prose_that_names_no_option_is_no_answer():
    for response in ("A dog barks.", "I do not know.", "A or B? Hard to say.", "", "I think a lot."):
        verdict = choice.verify(response, "A")
        assert verdict.status in ("no_answer", "wrong"), verdict
    assert choice.verify("I do not know.", "I").status == "no_answer"


def test_a_response_that_was_cut_is_truncated():
    for response in ("<think> A", "<answer>B", r"\boxed{B", "Let us see"):
        assert choice.verify(response, "B", finish_reason="length").status == "truncated"


def test_fallbacks_are_used_only_when_asked_for():
    response = "Rome (A) falls, Paris (B) stands\nso it may be this: B"
    assert choice.verify(response, "B").status == "no_answer"
    assert choice.verify(response, "B", fallback="last_letter").correct
    assert choice.verify("So we see\n(B)\nor else\nB. Paris", "B", fallback="last_line").correct
    assert choice.verify("no letter at all", "B", fallback="last_letter").status == "no_answer"
    with pytest.raises(ValueError, match="fallback"):
        choice.verify("B", "B", fallback="guess")


RUNS_ON = [
    "The capital is old. The answer is (C).\n\nQuestion: What is next?\nA. x\nB. y\nAnswer: The answer is (B).",
    "The answer is (C).\n\nThe answer is (B).\n\nThe answer is (A).",
    " C\n\nQ: And this?\n(A) x (B) y\nA: The answer is B.",
    "<answer>C</answer>\n\nQuestion 2: so?\n<answer>B</answer>",
    "So \\boxed{C}.\n\nProblem 2\nSo \\boxed{B}.",
    "答案：C\n\n问题：哪个？\nA. 一\nB. 二\n答案：B",
]


@pytest.mark.parametrize("response", RUNS_ON)
def test_the_first_answer_counts_where_it_is_asked_for(response):
    assert choice.verify(response, "C", take="first").correct
    assert not choice.verify(response, "C").correct


def test_the_first_answer_is_the_only_one_of_most_responses():
    for response in ("The answer is A. Wait, the answer is B.", "So (A) is out.\n\nThe answer is (B)."):
        assert choice.verify(response, "B").correct
    assert choice.verify("So (A) is out.\n\nThe answer is (B).", "B", take="first").correct
    with pytest.raises(ValueError, match="option take"):
        choice.verify("B", "B", take="middle")


@pytest.mark.parametrize(
    ("response", "options", "answer"),
    [
        ("The answer is (B).", None, "B"),
        ("Answer: B", None, "B"),
        ("It must be Paris.", ["Rome", "Paris"], "B"),
        ("C and A", None, "A, C"),
        ("None of these.", None, "none"),
        ("A or B", None, "A or B"),
    ],
)
def test_the_answer_of_a_verdict_is_the_options_named(response, options, answer):
    assert choice.verify(response, "B", options=options).answer == answer


def test_options_may_be_a_list_of_texts_and_the_layer_says_what_decided():
    options = ["Rome", "Paris"]
    assert choice.verify("The answer is Paris.", "B", options=options).layer == "option_text"
    assert choice.verify("The answer is B.", "B", options=options).layer == "letter"
    assert choice.verify("The answer is A or B.", "B", options=options).layer == "hedge"
    assert choice.verify("none of these", "none", options=options).layer == "none_or_all"
    assert choice.verify("all of the above", "AB", options=options).correct


@pytest.mark.parametrize("reference", ["b or c", "", "AA?", 3, None, ["A", 1], "E", {"A"}])
def test_a_malformed_reference_is_the_callers_mistake(reference):
    with pytest.raises(ValueError, match="choice reference"):
        choice.verify("B", reference, options={"A": "Rome", "B": "Paris"})


@pytest.mark.parametrize("options", [{}, {"A": 1}, {1: "x"}, "AB", [1, 2], {"": "x"}])
def test_malformed_options_are_the_callers_mistake(options):
    with pytest.raises(ValueError, match="options are texts by key"):
        choice.verify("B", "B", options=options)


@pytest.mark.parametrize(
    "response",
    ["A" * 10**4, "A or " * 10**4, r"\boxed{" * 10**4, "answer is A " * 10**4, "A is the correct answer. " * 10**4,
     "选A" * 10**4, "answer" + " " * 10**5 + "x", "true " * 10**4, "(" * 10**4, "A\n" * 10**4, "A could be " * 10**4],
    ids=lambda response: response[:20],
)  # fmt: skip
def test_long_responses_take_no_long_time(response):
    from time import process_time

    for verify, reference in ((choice.verify, "B"), (text.verify, "B"), (true_false.verify, "no")):
        started = process_time()
        verify(response, reference)
        verify(f"<answer>{response}</answer>", reference)
        assert process_time() - started < 2.0


# --- Text ---------------------------------------------------------------------------------------------------


def test_text_exactly_or_one_of_several():
    assert text.verify("<answer>yes</answer>", "yes", match="exact").layer == "exact"
    assert text.verify("<answer>Yes.</answer>", "yes").layer == "normalised"
    assert "any of the 2 references" in text.verify("<answer>no</answer>", ["yes", "aye"]).reason
    assert text.verify("<think> x", "yes", finish_reason="length").status == "truncated"
    for bad in (None, [], [1], 3):
        with pytest.raises(ValueError, match="text reference"):
            text.verify("x", bad)
    with pytest.raises(ValueError, match="match"):
        text.verify("x", "y", match="fuzzy")


@given(st.text(max_size=60))
def test_text_matches_itself(line):
    reference = "".join(character for character in line if character not in "\\<#◁").strip()
    assert text.verify(f"<answer>{reference}</answer>", reference).correct


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(line):
    assume("\\" not in line and "$" not in line)
    once = normalise(line)
    assert normalise(once) == normalise(normalise(once))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_are_compared_by_value(one, other):
    assert text.verify(f"<answer>{one:,} apples</answer>", f"{one}.0 apples").correct
    assert text.verify(f"<answer>{one:,}</answer>", str(other)).correct is (one == other)


# --- True or false ------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["yes", "true", "correct", "是", "对"]),
    st.sampled_from(["no", "false", "wrong", "否", "错"]),
)
def test_yes_and_no_are_opposites(yes, no):
    assert true_false.verify(f"<answer>{yes}</answer>", yes).correct
    assert not true_false.verify(f"<answer>{no}</answer>", yes).correct
    assert not true_false.verify(f"<answer>{yes} or {no}</answer>", yes).correct
    assert not true_false.verify(f"<answer>{yes} or {no}</answer>", no).correct


@given(st.text(max_size=200), st.booleans())
def test_no_text_breaks_true_or_false(response, reference):
    assert true_false.verify(response, reference).status in ("correct", "wrong", "no_answer")


def test_a_true_false_reference_is_a_word_or_a_bool():
    for bad in (None, 1, "maybe", "", ["yes"]):
        with pytest.raises(ValueError, match="true/false reference"):
            true_false.verify("yes", bad)

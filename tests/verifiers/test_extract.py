import time

import pytest

from verifiers.extract import after_thinking, extract


@pytest.mark.parametrize(
    ("response", "answer", "how"),
    [
        ("<think> 1 + 1 </think> <answer> 2 </answer>", "2", "answer_tag"),
        ("<answer> 1 </answer> no <answer> 2 </answer>", "2", "answer_tag"),
        ("◁think▷ so \\boxed{1} ◁/think▷ hence \\boxed{2}", "2", "boxed"),
        ("It ends thinking </think> The answer is 7.", "7", "phrase"),
        (r"so \boxed{\frac{1}{\sqrt{2}}} holds", r"\frac{1}{\sqrt{2}}", "boxed"),
        (r"\boxed{1} then \boxed{2}", "2", "boxed"),
        (r"\fbox{5}", "5", "boxed"),
        (r"\boxed{\{1, 2\}}", r"\{1, 2\}", "boxed"),
        (r"\boxed 5.", "5", "boxed"),
        (r"<answer> it is \boxed{3} </answer>", "3", "boxed"),
        ("work\n#### 42", "42", "hash"),
        ("The final answer is $\\frac12$. I hope it is correct.", r"\frac12", "phrase"),
        ("**Final Answer**\n\n\\[ 12 \\]", "12", "phrase"),
        ("Final answer: 3.5", "3.5", "phrase"),
        ("The answer is 3 or 5.", "3 or 5", "phrase"),
        ("The answer is $3$ or $5$.", "$3$ or $5$", "phrase"),
        ("所以答案是 12。", "12", "phrase"),
        ("最终答案：$x=3$", "x=3", "phrase"),
        ("<answer></answer>", "", "answer_tag"),
        (r"\boxed{}", "", "boxed"),
    ],
)
def test_finds_the_answer(response, answer, how):
    found = extract(response)
    assert (found.answer, found.how) == (answer, how)


@pytest.mark.parametrize(
    "response",
    [
        "",
        "I do not know. 5",
        "<think> the answer is 5",
        "<think> a </think> <think> the answer is 5",
        r"\boxed{5",
        r"\boxed{3} and \boxed{\frac{1}{2}",
        "<answer> 5",
        "<answer> 4 </answer> <answer> 5",
        "<think> the answer is \\boxed{5} </think> and so on",
        "####",
    ],
)
def test_finds_none(response):
    found = extract(response)
    assert found.answer is None
    assert found.how == "none"
    assert found.reason


def test_fallbacks_are_a_choice():
    response = "first 12\nthen 7 apples\n"
    assert extract(response).answer is None
    assert extract(response, fallback="last_line").answer == "then 7 apples"
    assert extract(response, fallback="last_number").answer == "7"
    assert extract("no number", fallback="last_number").answer is None
    with pytest.raises(ValueError, match="fallback"):
        extract(response, fallback="first")


def test_fallbacks_do_not_rescue_what_is_unclosed():
    for response in (r"\boxed{5", "<answer> 5", "<think> 5"):
        assert extract(response, fallback="last_number").answer is None


def test_text_after_thinking():
    assert after_thinking("a <think> b </think> c") == " c"
    assert after_thinking("plain") == "plain"
    assert after_thinking("<think> b") is None


MEGABYTES = {
    "braces": r"\boxed{" + "{" * 1_000_000,
    "boxes": r"\boxed{" * 150_000,
    "tags": "<answer>" * 120_000 + "5",
    "thinks": "<think></think>" * 70_000,
    "answers": "the final answer is " * 50_000,
    "spaces": "final" + " " * 1_000_000 + "answer",
    "digits": "1" * 1_000_000,
    "groups": "1,111" * 200_000,
    "dollars": "answer is $" + "$" * 1_000_000,
    "stars": "*" * 1_000_000,
    "hashes": "#" * 1_000_000,
    "chinese": "答案是" * 300_000,
    "points": "answer: " + ". " * 500_000,
}


@pytest.mark.parametrize("name", MEGABYTES)
def test_a_megabyte_takes_linear_time(name):
    started = time.process_time()
    extract(MEGABYTES[name], fallback="last_number")
    assert time.process_time() - started < 1.0

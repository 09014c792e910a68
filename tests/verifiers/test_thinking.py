"""Where thinking ends and the answer begins, by every mark and in every verifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers import KINDS, verify
from verifiers.thinking import THINKING_MARKS, after_thinking, opened_thinking, with_marks

ANSWERS = {
    "math": ("The answer is 3.", "The answer is 4.", "4"),
    "choice": ("The answer is A.", "The answer is B.", "B"),
    "text": ("The answer is Rome.", "The answer is Paris.", "Paris"),
    "true_false": ("The answer is no.", "The answer is yes.", True),
    "countdown": ("<answer> 3 + 4 </answer>", "<answer> 3 * 4 </answer>", {"numbers": [3, 4], "target": 12}),
    "ordering": (
        "<answer> A B </answer>",
        "<answer> B A </answer>",
        {"items": ["A", "B"], "constraints": [["B", "A"]]},
    ),
    "instructions": (
        "one, two",
        "one two",
        {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]},
    ),
    "code": (
        "```python\ndef f(x): return x\n```",
        "```python\ndef f(x): return x + 1\n```",
        {"function": "f", "calls": [{"arguments": [1], "result": 2}]},
    ),
}
"""By kind: a wrong answer, a right one, and the reference."""

HARMONY = "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>{}<|return|>"


def forms(thought: str, answer: str) -> list[str]:
    """A response with a thought, in every form."""
    return [
        *(f"{opening}{thought}{closing}\n\n{answer}" for opening, closing in THINKING_MARKS),
        *(f"{opening.upper()}\n{thought}\n{closing.upper()}{answer}" for opening, closing in THINKING_MARKS),
        *(f"{thought}{closing}{answer}" for _, closing in THINKING_MARKS),  # the template opened it
        HARMONY.format(thought, answer),
        f"analysis**Now.** {thought}assistantfinal{answer}",
        f"Here is my thought process: {thought}\n\nHere is my response:\n{answer}",
    ]


def cut_forms(thought: str) -> list[str]:
    """A response that was cut inside its thought, in every form."""
    return [
        *(f"{opening}{thought}" for opening, _ in THINKING_MARKS),
        *(f"\n{opening.title()}\n{thought} so" for opening, _ in THINKING_MARKS),
        f"<|channel|>analysis<|message|>{thought}",
        f"<|channel|>analysis<|message|>{thought}<|end|><|start|>assistant<|channel|>final",
        f"<|channel|>commentary to=functions.x <|constrain|>json<|message|>{thought}<|call|>",
        f"analysis**Now.** {thought}",
    ]


def test_every_kind_is_tried():
    assert ANSWERS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "code"])
def test_thoughts_are_not_judged(kind):
    wrong, right, reference = ANSWERS[kind]
    for response in forms(wrong, right):
        assert verify(kind, response, reference).correct, response
    for response in forms(right, wrong):
        assert not verify(kind, response, reference).correct, response
    for response in cut_forms(right):
        assert verify(kind, response, reference).status == "truncated", response
        assert verify(kind, response, reference, finish_reason="length").status == "truncated", response
        assert verify(kind, response, reference, finish_reason="stop").status == "no_answer", response


def test_a_program_in_a_cut_thought_is_not_run():
    _, right, reference = ANSWERS["code"]
    for response in cut_forms(f"{right}\n"):
        assert verify("code", response, reference).status == "truncated", response


@pytest.mark.parametrize("kind", KINDS)
def test_further_marks_can_be_named(kind):
    _, right, reference = ANSWERS[kind]
    marks = [["<plan>", "</plan>"], ("《想》", "《/想》")]
    for opening, _ in marks:
        verdict = verify(kind, f"{opening}{right}\n", reference, thinking_marks=marks)
        assert verdict.status == "truncated"


@pytest.mark.parametrize("marks", ["<plan>", [["<plan>"]], [["<a>", ""]], [["<a>", "<a>"]], [["<a>", 1]], 5])
def test_marks_that_are_no_pairs_are_refused(marks):
    with pytest.raises(ValueError, match=r"^The thinking_marks are pairs of an opening and a closing mark"):
        with_marks("4", marks)


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("<think>a</think> b <think>c</think> d", " d"),
        ("<think>a <think> b</think> c", " c"),
        ("<think>I end with `</think>`, then answer.</think>4", "4"),
        ("<think>so it is \"yes\"</think>yes", "yes"),
        ("a <think> b </think> c", " c"),
        ("Sure! <think>a</think>b", "b"),
        ("<reasoning>a</think>b</reasoning>c", "c"),
        ("<think>\n\n</think>\n\nb", "\n\nb"),
        ("<|start|>assistant<|channel|>final<|message|>b<|end|>", "b"),
        ("<|channel|>final<|message|>b", "b"),
        (HARMONY.format("a", "b") + HARMONY.format("c", "d"), "d"),
        ("<|channel|>analysis<|message|>a<|channel|>final <|constrain|>json<|message|>{}", "{}"),
        ("<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>b<|end_of_solution|>c", "b"),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>", "b"),
        ("<think>a</think><response>b</response>", "b"),
        ("<thinking>a</thinking>\n<Output>b</Output>", "b"),
        ("<REASONING>a</REASONING>\n\n<CONCLUSION>b</CONCLUSION>", "b"),
        ("<|im_start|>think\na\n<|im_start|>answer\nb", "\nb"),
        ("<think>a</think><response>b", "b"),
    ],
)  # fmt: skip
def test_the_answer_follows_the_last_thought(response, answer):
    assert after_thinking(response) == answer


@pytest.mark.parametrize(
    "response",
    [
        "<think>a</think><think>b",
        "<think>a</think> <THINK>b",
        "<think>I end with </reasoning> and `</think>`. \\boxed{4}",
        "Okay, <think>\nit is 4",
        "Okay. <think> it is 4",
        "Let me see:\n\n<thinking> it is 4",
        "I use <reasoning> as you asked.\n<think> it is 4",
        "4\n<think>",
        "The answer is 4 <think> or 5",
        "Let me think <think>",
    ],
)
def test_an_open_thought_has_no_answer_behind_it(response):
    assert after_thinking(response) is None


@pytest.mark.parametrize(
    "response",
    [
        "Use <reasoning> tags. The answer is 4.",
        "The answer is 4. I used <thinking> as you asked.",
        "The answer is 4. I left out `<think>`.",
        "The answer is 4. (My thoughts are in <think>…</think> as you asked.)",
        "The answer is 4, as I found between <think> and </think>.",
        "答案是 4。请用<think>标签。",
        'The answer is 4: `text.split("</think>")[-1]`',
        "The answer is 4: f\"<think>{x}</think>\"",
        "analysis of this gives: the answer is 4",
        "The answer is 4. I used <think></think> tags.",
        "The answer is 4. I used <reasoning></reasoning> tags.",
        "analysis",
        "Here's my thought process: 2 + 2, so the answer is 4.",
        "x < y and y > z, so [THINKING] is 4",
        "",
    ],
)  # fmt: skip
def test_a_mark_that_is_mentioned_is_text(response):
    assert after_thinking(response) == response


@pytest.mark.parametrize(
    ("prompt", "opening"),
    [
        ("<|im_start|>assistant\n<think>\n", "<think>\n"),
        ("<｜Assistant｜><think>", "<think>"),
        ("[|assistant|]<thought>\n", "<thought>\n"),
        ("<|start|>assistant<|channel|>analysis<|message|>", "<|channel|>analysis<|message|>"),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", ""),
        ("<|im_start|>user\nUse <think><|im_end|>\n<|im_start|>assistant\n", ""),
        ("<|start|>assistant<|channel|>final<|message|>", ""),
        ("", ""),
    ],
)
def test_a_prompt_may_open_the_thought(prompt, opening):
    assert opened_thinking(prompt) == opening


MARKS = [mark for pair in THINKING_MARKS for mark in pair]


@given(
    st.lists(st.sampled_from([*MARKS, "a", " ", "\n", ".", "`", "<|channel|>final<|message|>"]), max_size=12)
)
def test_what_follows_is_the_end_of_the_response_or_nothing(parts):
    response = "".join(parts)
    answer = after_thinking(response)
    assert answer is None or answer in response


@pytest.mark.parametrize("pair", THINKING_MARKS)
def test_a_template_that_opens_a_thought_is_known_by_every_mark(pair):
    opening, closing = pair
    assert opened_thinking(f"assistant\n{opening}\n") == f"{opening}\n"
    assert opened_thinking(f"assistant\n{opening}\n{closing}") == ""


@pytest.mark.parametrize(
    "response", ["<think>a</think><re\u017fponse>b", "<\u212athink>b", "[think>b", "<th\u0131nk>b"]
)
def test_letters_that_only_look_alike_in_another_case_make_no_mark(response):
    assert after_thinking(response) == response.removeprefix("<think>a</think>")

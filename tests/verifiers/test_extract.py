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
        (r"\boxed{\text{so } \boxed{7}}", "7", "boxed"),
        (r"\boxed{-4} \quad \text{and} \quad \boxed{9}", "-4, 9", "boxed"),
        (r"\boxed{4}, \boxed{6} or \boxed{8}", "4, 6, 8", "boxed"),
        (r"$\boxed{4}\boxed{6}$", "4, 6", "boxed"),
        (r"\(\boxed{4}\) and \(\boxed{6}\).", "4, 6", "boxed"),
        (r"so $u = \boxed{3}$ and $v = \boxed{8}$", "u = 3, v = 8", "boxed"),
        (r"\boxed{5}, \boxed{5}", "5", "boxed"),
        (r"Try \boxed{4}. No, wait. It is \boxed{6}", "6", "boxed"),
        ("\\boxed{4}\n\\boxed{6}", "6", "boxed"),
        (r"\boxed{4} <|im_end|> \boxed{6}", "4", "boxed"),
        ("The answer is 5. Wait, it is 6.", "6", "phrase"),
        ("The answer is $5$. No, that's wrong: $6$.", "6", "phrase"),
        ("The answer is 5. Actually 5 is prime.", "5", "phrase"),
        ("The answer is 5. Wait, let me check: 2 + 3 = 5.", "5", "phrase"),
        ("The answer is 4. I don't think the answer is 5.", "4", "phrase"),
        ("I'm not sure, but the answer is 5.", "5", "phrase"),
        ("It is unlikely that the answer is 5.", None, "none"),
        ("Ans: 9", "9", "phrase"),
        ("There is no doubt that the answer is 5.", "5", "phrase"),
        ("The answer is $5$. No $6$ works.", "5", "phrase"),
        ("The answer is 5. Wait 6 minutes.", "5", "phrase"),
        ("Plans: 9", None, "none"),
        ("The answer is $5$, because 5 is prime.", "5", "phrase"),
        ("The answer is 5 since 6 is even.", "5", "phrase"),
        ("Final Answer: The least $n$ is 34.", "34", "phrase"),
        ("Hence $x > 5$ is the solution.", "x > 5", "phrase"),
        ("The solution is $x < 9$.", "x < 9", "phrase"),
        ("**Final answer:** 12", "12", "phrase"),
        ("The answer is **12**.", "12", "phrase"),
        ("Answer: 5!", "5!", "phrase"),
        ("Answer: 2**10", "2**10", "phrase"),
        ("Answer: 0.333...", "0.333...", "phrase"),
        ("The answer is seven!", "seven", "phrase"),
        ("正确答案是：12。", "12", "phrase"),
        ("### Final Answer\n5", "5", "phrase"),
        ("#### Final Answer\n5", "5", "phrase"),
        ("Final answer — 5", "5", "phrase"),
        ("The answers are 3 and 5.", "3 and 5", "phrase"),
        ("The answer is 4. Both answers are valid.", "4", "phrase"),
        ("The answer is approximately 3.14.", "3.14", "phrase"),
        ("The answer is therefore $5$.", "5", "phrase"),
        ("The answer is about 3 or 5.", "3 or 5", "phrase"),
        ("Work.\nTherefore, **x = 5**", "x = 5", "bold"),
        ("<Answer>5</Answer>", "5", "answer_tag"),
        ("<answer>4</answer> no, <ANSWER>5</ANSWER>", "5", "answer_tag"),
        ("故答案为 $\\frac{1}{2}$。", "\\frac{1}{2}", "phrase"),
        ("Work.\n\n**12**", "12", "bold"),
        ("Work.\nHence the total is **12 cm**.", "12 cm", "bold"),
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
        "<answer> 4 </answer> <Answer> 5",
        "Both answers are valid.",
        "# Answer the question",
        "<think> the answer is \\boxed{5} </think> and so on",
        "####",
        "**Step 1** we add.",
        "The **12** of them ran.",
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
    formulas = extract(r"from $x = 2$ we get \[ x^2 = 4 \] as asked", fallback="last_formula")
    assert (formulas.answer, formulas.how) == ("x^2 = 4", "last_formula")
    assert extract("no formula", fallback="last_formula").answer is None
    for text in (response, r"\boxed{1}"):
        with pytest.raises(ValueError, match="fallback"):
            extract(text, fallback="first")


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
    "closed boxes": r"\boxed{1} and " * 70_000,
    "open formulas": r"\(" * 300_000 + "5",
    "one dollar apart": "$x " * 300_000,
    "solutions": "Hence $x$ is the solution " * 40_000,
    "capitals": "the answer is A" + " is" * 300_000 + " 5",
    "bold": "is **" * 200_000,
    "headings": "### Final answer \n" * 50_000,
    "marks": "#" * 6 + " " * 1_000_000 + "answer",
    "plurals": "answers are " * 80_000,
    "spaces in the end": "The answer is $7$" + " " * 1_000_000 + "x",
    "points": "answer: " + ". " * 500_000,
}


@pytest.mark.parametrize("name", MEGABYTES)
def test_a_megabyte_takes_linear_time(name):
    started = time.process_time()
    extract(MEGABYTES[name], fallback="last_number")
    extract(MEGABYTES[name], fallback="last_formula")
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    "mention",
    [
        r"I used \boxed{} as you asked.",
        r"The answer is in \boxed{...} form.",
        r"As requested in \boxed{answer}.",
        r"(Format: $\boxed{\text{your final answer}}$)",
        r"(Format: \boxed{<answer>})",
        r"(Format: \boxed{[ANSWER]})",
        r"(Format: \boxed{your answer here})",
        r"(Format: \boxed{the result})",
        r"As requested in \boxed{ }, and not in \fbox{\ldots}.",
        r"Here it stands in \boxed{\_\_}; and in \boxed{?} and \boxed{\square}.",
        r"I put it in a \boxed environment, with \boxed as you asked.",
        r"格式为 \boxed{答案}。",
        "The answer is in the box above.",
        "The answer is boxed above.",
        "The final answer is given above.",
        "The answer is now enclosed in `\\boxed{}`.",
    ],
)
def test_a_box_that_is_only_mentioned_replaces_no_answer(mention):
    found = extract(rf"So it is \boxed{{8}}. {mention}")
    assert (found.answer, found.how) == ("8", "boxed")
    assert extract(rf"{mention} So it is \boxed{{7}}, no, \boxed{{8}}.").answer == "8"
    found = extract(f"The answer is 8. {mention}")
    assert (found.answer, found.how) == ("8", "phrase")
    assert extract(f"It is 8.\n{mention}", fallback="last_number").answer == "8"


@pytest.mark.parametrize(
    "content",
    ["None", r"\emptyset", "∞", r"\text{no solution}", "result", "value", "x", "1, 2, ...", "answer 3", "-1"],
)
def test_a_box_with_an_answer_is_no_mention(content):
    assert extract(rf"First \boxed{{8}}. No: \boxed{{{content}}}").answer == content


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("The answer is 8. I used <answer> tags as you asked.", "8"),
        ("<answer>8</answer> I used the <answer></answer> tags.", "8"),
        ("<answer>8</answer> (see `<answer>`)", "8"),
        ("<answer>8</answer>, in <answer>...</answer> form", "8"),
        ("<answer>8</answer> <answer></answer>", ""),
        ("<answer>8</answer> <answer> 5", None),
        ("<answer>blocks</answer>", "blocks"),
    ],
)
def test_a_tag_that_is_only_mentioned_replaces_no_answer(response, answer):
    assert extract(response).answer == answer


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("We add.\nfinal answer 12", "12"),
        ("Hence the final answer $\\frac12$.", "\\frac12"),
        ("We add.\nAnswer $ 14 $", "14"),
        ("Answer −3", "−3"),
        ("答案 12", "12"),
        ("To answer 3 questions takes long.", None),
        ("The final answer needs 2 steps.", None),
        ("Work.\nHence **Total: 12 cm**", "12 cm"),
        ("Work.\n**Conclusion**", None),
    ],
)
def test_short_marks_of_an_answer(response, answer):
    assert extract(response).answer == answer


@pytest.mark.parametrize(
    ("response", "number"),
    [
        ("The result is −8.25", "-8.25"),
        ("we get = - 8.25", "-8.25"),
        ("It's −8.25.", "-8.25"),
        ("the temperature was -8.25 degrees", "-8.25"),
        ("it is -$5.50", "-5.50"),
        ("a loss of −$5", "-5"),
        ("equals –7", "-7"),
        ("so it is (−3)", "-3"),
        ("**-5**", "-5"),
        ("f(-3)", "-3"),
        ("5 - -3", "-3"),
        ("−8", "-8"),
        ("- 8 apples", "8"),
        ("work\n- 8", "8"),
        ("10 - 3", "3"),
        ("10 −3", "3"),
        ("x-3", "3"),
        ("y − 3", "3"),
        ("(a + b) - 3", "3"),
        ("$10 - $3", "3"),
        ("2–3 of them", "3"),
        ("The total - 8.25 dollars", "8.25"),
        ("-3/4", "-3/4"),
        ("2 1/2 cups", "2 1/2"),
        ("50 %", "50 %"),
        ("at 3:2", "3:2"),
        ("1,234.5", "1,234.5"),
        ("1.2 × 10^5 m", "1.2 × 10^5"),
        ("6×10⁵", "6×10⁵"),
        ("3.5e-4", "3.5e-4"),
        ("it is 2^{10}", "2^{10}"),
        ("it is 3π", "3π"),
        ("it is 5√2", "5√2"),
        ("it is √2", "√2"),
        ("it is 3 + 4i", "4i"),
        ("so 2x is it", "2x"),
        ("it is x^2", "x^2"),
        ("the value is minus 8.25", "-8.25"),
        ("10 minus 3", "3"),
        ("it is negative 8.25", "-8.25"),
        ("结果是负8", "-8"),
        ("it is －8", "-8"),
        ("it is ‐8", "-8"),
        ("It's – 8.", "-8"),
        ("so y = \u00ad−8", "-8"),
        ("no number", None),
    ],
)
def test_the_last_number_has_its_sign(response, number):
    assert extract(response, fallback="last_number").answer == number


@pytest.mark.parametrize(
    ("response", "answer", "how"),
    [
        ("Hence there are **12** ways.", "12", "last_bold"),
        ("Work.\nSo we get $x = 5$.", "x = 5", "last_formula"),
        ("So we get $x = 5$ after 3 steps.", "3", "last_number"),
        ("It is the point (2, -8)", "(2, -8)", "last_formula"),
        ("It holds on [0, 8).", "[0, 8)", "last_formula"),
        ("There are that many (1,000)", "1,000", "last_number"),
        ("She makes $18 every day and $20 on Sunday.", "20", "last_number"),
        ("He pays $5 and she pays $6, which is 11 dollars", "11", "last_number"),
        ("**Step 2:** add 5 and 6, which gives 11", "11", "last_number"),
        ("There are 7.\n**Note:**\nthat is all", "7", "last_number"),
        ("So it is **Total: 12 cm** then", "12 cm", "last_bold"),
        ("So the capital is **Paris** then.", "Paris", "last_bold"),
        ("**Star Wars: A New Hope** it is", "Star Wars: A New Hope", "last_bold"),
        (r"so \(x^2\) it is", "x^2", "last_formula"),
        ("Therefore\n\n$$x = 3$$\n", "x = 3", "last_formula"),
        ("so it costs $-5$", "-5", "last_formula"),
        ("It is −8.25", "-8.25", "last_number"),
        ("5, no: **6** or $7$", "7", "last_formula"),
        (r"So it is \frac{3}{4} then.", r"\frac{3}{4}", "last_formula"),
        (r"So it is -\frac{3}{4} then.", r"-\frac{3}{4}", "last_formula"),
        (r"So it is 5\sqrt{2} then.", r"5\sqrt{2}", "last_formula"),
        ("So it is −$8.25$ then.", "-8.25", "last_formula"),
    ],
)
def test_the_last_of_any(response, answer, how):
    found = extract(response, fallback="any")
    assert (found.answer, found.how) == (answer, how)


def test_what_is_marked_comes_before_the_last_of_any():
    assert extract("The answer is 4. It took 5 minutes.", fallback="any").answer == "4"
    assert (
        extract("nothing here", fallback="any").reason
        == "There is no formula, bold text or number in the response."
    )


FULL = 1_000_000
SUFFIXED = [  # prefix, piece, suffix: a suffix that does not match is what makes patterns backtrack
    ("The answer is ", "?", "x"), ("The answer is ", "**", "x"), ("final answer", " ", "x"), ("", "$", "a"),
    ("", "$a", "\n"), ("**", "a", ""), ("", "**a", "\n"), (r"\boxed{", "{}", ""), ("", r"\boxed{}", "x"),
    ("", r"\boxed{answer}", ""), (r"\boxed{", " ", "x}"), ("", "<answer>...</answer>", ""), ("", "`<answer>` ", ""),
    ("x ", "1 ", "x"), ("x", "- ", "1"), ("1", " ", "/"), ("", "1,", "x"), ("", "1/", "x"), ("", "-1", "x"),
    (r"\(", "a", ""), ("", r"\(\\", ""), ("", "answer ", "x"), ("#", " ", "x"), ("", "答案", "x"), ("", "so ", "x"),
    ("", r"\frac{", "x"), (r"\frac{1", " ", "{"), ("", "1^{", "x"), ("x_", "{1", "x"),
    ("", "1√(", "x"), ("", "- ", "x"),
    ("", "<think> ", "x"), ("", "x <think>", " x"), ("", "</think>", "x"), ("", "<|channel|>analysis", "x"),
    ("analysis", "A", "assistantfina"), ("", "Here is my thought process: ", "x"), ("", "a: ", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("prefix", "piece", "suffix"), SUFFIXED)
@pytest.mark.parametrize("fallback", ["none", "any", "last_number"])
def test_time_grows_with_length_alone(prefix, piece, suffix, fallback):
    def seconds(length):
        response = prefix + piece * (length // len(piece)) + suffix
        started = time.process_time()
        extract(response, fallback=fallback)
        return time.process_time() - started

    seconds(1000)
    assert seconds(FULL // 4) < 0.5 or seconds(FULL) < 12 * seconds(FULL // 4)

"""A minus in front of a box: when it is the answer's sign, and when it is a dash, a bullet or a difference."""

import pytest

from verifiers.math import equivalent, verify

SIGNS = [
    (r"$a = -\boxed{256}$", "-256"),
    (r"Hence \(a = -\boxed{256}\).", "-256"),
    (r"$x=- \boxed{3}$", "-3"),
    (r"-\boxed{\frac{1}{2}}", r"-\frac{1}{2}"),
    (r"<think> hm </think>-\boxed{\frac{1}{2}}", "-0.5"),
    (r"<think> hm </think> <answer>-\boxed{8}</answer>", "-8"),
    (r"It is $-\boxed{7}$.", "-7"),
    (r"It is $ -\boxed{7} $.", "-7"),
    ("So\n$$\n-\\boxed{7}\n$$", "-7"),
    ("So\n\\[ -\\boxed{7} \\]", "-7"),
    ("So\n\\[\n- \\boxed{7}\n\\]", "-7"),
    (r"\begin{align} y &= 2 - 9 \\ &= \, - \boxed{7} \end{align}", "-7"),
    (r"$$f(2) = -\fbox{7}$$", "-7"),
    ("The sum is $−\\boxed{7}$.", "-7"),
    (r"First $x = 2$, $y = 3$, and then $-\boxed{7}$.", "-7"),
    (r"答案是$-\boxed{7}$。", "-7"),
    (r"**$-\boxed{7}$**", "-7"),
    (r"**x = -\boxed{7}**", "-7"),
    (r"The answer is -\boxed{7}.", "-7"),
    (r"**Answer:** -\boxed{7}", "-7"),
    (r"$x \approx -\boxed{1.5}$", "-1.5"),
    (r"$y = -\boxed{x - 1}$", "1 - x"),
    (r"$n = -\boxed{1,024}$", "-1024"),
    (r"$v = -\boxed{9.8}\text{ m/s}$", "-9.8"),
    (r"$x = -\boxed{10}^\circ$", "-10"),
    (r"$x = -\boxed{1}$ and $y = -\boxed{2}$", "x = -1, y = -2"),
    (r"$x = -\boxed{1}$, $y = \boxed{2}$", "x = -1, y = 2"),
    (r"It cost \$5, so the change is $-\boxed{7}$.", "-7"),
]
"""Responses whose box has its sign in front of it."""

NO_SIGNS = [
    (r"the answer - \boxed{5}", "5"),
    (r"Answer – \boxed{5}", "5"),
    (r"Answer — \boxed{5}", "5"),
    (r"The answer $x$ - \boxed{5}", "5"),
    (r"The answer for $x$ - \boxed{5} and not $y$.", "5"),
    (r"$10 - \boxed{3}$", "3"),
    (r"10 -\boxed{3}", "3"),
    (r"$y = 10 - \boxed{3}$", "3"),
    (r"$y = -\boxed{3} + 10$", "3"),
    (r"$y = -\boxed{3} \cdot 10$", "3"),
    (r"$5$ - \boxed{3} and $y$", "3"),
    (r"It costs 10$ - \boxed{3}$", "3"),
    (r"It costs $10 - \boxed{3}$", "3"),
    (r"$y = 10^{-\boxed{3}}$", "3"),
    (r"$y = -\boxed{3}^2$", "3"),
    ("The answer:\n- \\boxed{5}", "5"),
    ("The answer is x =\n- \\boxed{5}", "5"),
    ("It costs 5$.\n\n- \\boxed{5}", "5"),
    (r"- \boxed{5}", "5"),
    (r"The answer is\\ -- \boxed{5}", "5"),
    (r"So x=5-\boxed{3}", "3"),
    ("> - \\boxed{3}", "3"),
    ("Values:\n\n-\\boxed{3}", "3"),
    (r"x -\boxed{3}", "3"),
]
"""Responses whose box says all."""


@pytest.mark.parametrize(("response", "reference"), SIGNS)
def test_a_minus_that_is_a_sign_belongs_to_the_box(response, reference):
    assert verify(response, reference).correct, verify(response, reference)
    if response.count("box") == 1:
        assert not verify(
            response.replace("-\\", "\\").replace("- \\", "\\").replace("−", ""), reference
        ).correct
    assert not verify(response, f"-({reference})" if "=" not in reference else "x = 1, y = 2").correct


@pytest.mark.parametrize(("response", "value"), NO_SIGNS)
def test_another_dash_does_not(response, value):
    assert verify(response, value).correct, verify(response, value)
    assert not verify(response, f"-{value}").correct


def test_a_box_with_a_sign_of_its_own_keeps_it():
    assert verify(r"$x = -\boxed{-3}$", "-3").correct
    assert verify(r"$x = \boxed{-3}$", "-3").correct
    assert verify(r"$x = -\boxed{1, 2}$", "1, 2").correct


def test_references_and_bare_answers_are_read_alike():
    assert verify("-256", r"We get $a = -\boxed{256}$.").correct
    assert not verify("256", r"We get $a = -\boxed{256}$.").correct
    assert equivalent(r"-\boxed{\frac{1}{2}}", "-1/2").correct
    assert not equivalent(r"-\boxed{\frac{1}{2}}", "1/2").correct


def test_the_last_box_decides_whatever_sign_an_earlier_one_has():
    assert verify(r"First $x = -\boxed{1}$. But no: $x = \boxed{4}$", "4").correct
    assert verify(r"First $x = \boxed{1}$. But no: $x = -\boxed{4}$", "-4").correct


def test_unclosed_boxes_and_many_of_them_are_read_quickly():
    assert verify("= -\\boxed{" * 100_000, "5").status == "no_answer"
    assert verify("$x = -\\boxed{1}$. So " * 50_000 + r"$x = -\boxed{5}$", "-5").correct
    assert verify("$ " * 300_000 + r"$-\boxed{5}$", "5").status in ("correct", "wrong")

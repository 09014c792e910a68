import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers import math
from verifiers.math import symbolic
from verifiers.math.policy import Policy

with (Path(__file__).parents[1] / "data" / "math_pairs.jsonl").open(encoding="utf-8") as file:
    PAIRS = [json.loads(line) for line in file]


def judged(row, **more):
    return math.equivalent(row["answer"], row["reference"], **row.get("options", {}), **more)


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row["kind"])
def test_hand_checked_pairs(row):
    verdict = judged(row)
    assert verdict.correct is row["same"], verdict
    assert verdict.status == ("correct" if row["same"] else "wrong")
    assert verdict.layer
    assert verdict.reason
    assert verdict.policy == str(Policy(**row.get("options", {})))


@pytest.mark.parametrize(
    "row",
    [row for row in PAIRS if not row.get("one_way") and not row.get("options")],
    ids=lambda row: row["kind"],
)
def test_the_relation_is_symmetric(row):
    assert math.equivalent(row["reference"], row["answer"]).correct is row["same"]


def test_the_pairs_cover_every_kind_on_both_sides():
    same = Counter(row["kind"] for row in PAIRS if row["same"])
    different = Counter(row["kind"] for row in PAIRS if not row["same"])
    assert len(PAIRS) >= 650
    assert len(same | different) >= 40
    assert {kind for kind in same | different if not (same[kind] and different[kind])} <= {
        "hedges",
        "tiny",
        "repeats",
    }


def test_most_pairs_never_reach_a_worker():
    open_pairs = [row for row in PAIRS if judged(row, symbolic=False).correct is not row["same"]]
    assert len(open_pairs) <= 5
    assert {row["kind"] for row in open_pairs} <= {"beyond", "constants"}


@pytest.mark.parametrize(
    ("answer", "reference", "layer"),
    [
        ("5", "5", "exact"),
        ("5.0", "5", "rational"),
        ("(1, 1/2)", "(1, 0.5)", "rational"),
        ("x = 5", "5", "structure"),
        (r"\sqrt8", r"2\sqrt2", "numeric"),
        ("0.3333", "1/3", "rounded"),
        ("50", "50%", "percent"),
        ("yes", r"\text{Yes}", "text"),
        (r"\int_0^1 x dx", "1/2", "latex"),
        (r"10^{17}+\pi", r"\pi+10^{16}\cdot 10", "symbolic"),
    ],
)
def test_the_verdict_names_the_layer(answer, reference, layer):
    verdict = math.equivalent(answer, reference)
    assert verdict.correct
    assert verdict.layer == layer


POLICIES = [
    ("2/4", "1/2", {"form": "simplest"}, "form"),
    ("0.5", "1/2", {"form": "fraction"}, "form"),
    ("(2,1)", "(1,2)", {"order": "brackets"}, "rational"),
    ("0.05 m", "5 cm", {"units": "same"}, "units"),
    ("50", "50%", {"percent": "required"}, "rational"),
    ("0.3333", "1/3", {"rounding": None}, "rational"),
    ("3,5", "3.5", {"decimal_comma": "never"}, "structure"),
]


@pytest.mark.parametrize(("answer", "reference", "rules", "layer"), POLICIES)
def test_a_rule_decides_and_is_reported(answer, reference, rules, layer):
    verdict = math.equivalent(answer, reference, **rules)
    assert (verdict.status, verdict.layer) == ("wrong", layer)
    (name, value), *_ = rules.items()
    assert f"{name}={value}" in verdict.policy
    assert math.equivalent(answer, reference, policy=Policy(**rules)).reason == verdict.reason
    assert math.verify(rf"\boxed{{{answer}}}", reference, **rules).policy == verdict.policy
    assert math.verify("nothing", reference, **rules).policy == verdict.policy


def test_the_policy_is_frozen_and_refuses_what_it_does_not_know():
    assert Policy() == math.POLICY
    with pytest.raises(AttributeError):
        math.POLICY.units = "required"
    for rules in ({"order": "none"}, {"form": "pretty"}, {"rounding": 0}, {"rounding": True}, {"percent": 1}):
        with pytest.raises(ValueError, match=next(iter(rules))):
            math.equivalent("1", "1", **rules)
    with pytest.raises(ValueError, match="no option 'tolerance'"):
        math.equivalent("1", "1", tolerance=0.1)


def test_units_can_be_required():
    assert math.equivalent("5", "5 cm").correct
    verdict = math.equivalent("5", "5 cm", units="required")
    assert verdict.status == "wrong"
    assert verdict.layer == "units"
    assert math.equivalent("5 cm", "5 cm", units="required").correct


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (r"So $x = 2$, hence \boxed{\frac{1}{2}}.", "correct"),
        ("<think> maybe 0.7 </think> The answer is 0.5.", "correct"),
        ("#### 0.50", "correct"),
        (r"\frac{1}{2}", "correct"),
        (r"\boxed{0.5 \text{ or } 0.7}", "wrong"),
        (r"\boxed{}", "wrong"),
        ("I think it is 0.5", "no_answer"),
        (r"\boxed{0.5", "no_answer"),
        ("<think> 0.5", "truncated"),
        ("", "no_answer"),
    ],
)
def test_whole_responses(response, status):
    assert math.verify(response, "1/2").status == status


def test_truncated_responses():
    assert math.verify(r"<think> so \boxed{5}", "5", finish_reason="length").status == "truncated"
    assert math.verify(r"\boxed{5", "5", finish_reason="length").status == "truncated"
    assert math.verify(r"\boxed{5} and", "5", finish_reason="length").status == "correct"


def test_a_fallback_is_reported():
    verdict = math.verify("I think 7 or 5", "5", fallback="last_number")
    assert verdict.correct
    assert "last number" in verdict.reason
    assert "last formula" in math.verify("So we get $x > 5$ here", "x>5", fallback="last_formula").reason
    assert "last line" in math.verify("Some work\n5", "6", fallback="last_line").reason


@pytest.mark.parametrize(
    "reference", [r"Hence it is $\boxed{\frac{1}{2}}$.", "<answer>1/2</answer>", "Half of it.\n#### 0.5"]
)
def test_a_reference_may_be_a_whole_solution(reference):
    assert math.equivalent("0.5", reference).correct
    assert math.verify(r"\boxed{0.5}", reference).correct
    assert not math.equivalent("0.6", reference).correct


@pytest.mark.parametrize(
    "reference", [None, "", "  ", True, ["1"], {"a": 1}, "1" * 10_000, "NaN", float("nan"), float("-inf")]
)
def test_a_bad_reference_is_the_callers_mistake(reference):
    with pytest.raises(ValueError, match="reference"):
        math.verify(r"\boxed{1}", reference)


def test_the_reason_shows_a_bad_reference_as_it_is():
    with pytest.raises(ValueError, match="not None\\."):
        math.equivalent("1", None)


def test_a_bad_option_is_the_callers_mistake():
    with pytest.raises(ValueError, match="units"):
        math.equivalent("1", "2", units="metric")
    with pytest.raises(ValueError, match="timeout"):
        math.equivalent("1", "2", timeout=0)
    with pytest.raises(ValueError, match="must be a string"):
        math.verify(5, "5")


def test_references_may_be_numbers():
    assert math.equivalent("0.5", 0.5).correct
    assert math.equivalent("12", 12).correct


# Properties

EXPRESSIONS = st.recursive(
    st.one_of(st.integers(0, 99).map(str), st.sampled_from(["x", "y", r"\pi", "0.25", r"\sqrt{2}"])),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: rf"\frac{{{pair[0]}}}{{{pair[1]} + 101}}"),
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda part: f"({part[0]} {part[1]} {part[2]})"),
        st.tuples(inner, inner).map(lambda pair: rf"{pair[0]} \cdot ({pair[1]})"),
        inner.map(lambda one: rf"({one})^{{2}}"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
def test_reflexive_and_blind_to_spelling(expression):
    spelled = expression.replace(r"\frac", r"\dfrac").replace("(", r"\left(").replace(")", r"\right)")
    spelled = spelled.replace(r"\cdot", "*").replace(" ", r"\, ")
    assert math.equivalent(expression, expression).correct
    assert math.equivalent(spelled, expression).correct
    assert math.equivalent(f"$ {expression} $", expression).correct
    assert math.equivalent(f"0 + {expression}", expression).correct


@given(EXPRESSIONS, EXPRESSIONS)
def test_symmetric(left, right):
    assert math.equivalent(left, right).correct is math.equivalent(right, left).correct


@given(st.sampled_from([row for row in PAIRS if row["same"] and not row.get("one_way")]), st.integers(1, 3))
def test_blind_to_spaces_around_signs(row, width):
    def spaced(text):
        return re.sub(r"(?<=[\w}]) ?([+=]) ?(?=[\w\\{])", rf"{' ' * width}\1{' ' * width}", text)

    assert math.equivalent(spaced(row["answer"]), spaced(row["reference"]), **row.get("options", {})).correct


@given(EXPRESSIONS, st.integers(1, 10**6))
def test_a_changed_value_is_never_accepted(expression, change):
    assert not math.equivalent(f"{expression} + {change}", expression).correct
    assert not math.equivalent(expression, f"{expression} - \\frac{{1}}{{{change}}}").correct


@pytest.mark.parametrize(
    "large", ["325802500", r"10^{8}\sqrt{2}", r"10^{14}\pi", r"10^{8}\sqrt{2}x", "10^{20}x"]
)
def test_a_small_change_of_a_large_value_is_not_accepted(large):
    assert math.equivalent(f"{large} + \\sqrt{{4}}", f"2 + {large}").correct
    assert not math.equivalent(f"{large} + \\frac{{1}}{{10^9}}", large).correct


@given(
    st.integers(1, 10**4),
    st.integers(1, 99),
    st.integers(2, 100),
    st.sampled_from([r"\%", "", r"\text{ cm}"]),
)
def test_a_mixed_number_is_whole_and_part_whatever_stands_behind_it(whole, above, below, behind):
    value = whole + Fraction(above % below, below)
    answer = rf"{whole}\frac{{{above % below}}}{{{below}}}{behind}"
    if above % below:
        assert math.equivalent(answer, f"({value}){behind}").correct
        assert math.equivalent(rf"3 \cdot {answer}", f"({3 * value}){behind}").correct
        assert not math.equivalent(answer, f"({value - whole}){behind}").correct


@given(st.integers(-50, 50), st.integers(1, 50), st.sampled_from([1, -1, 2, -3]))
def test_inequalities_of_absolute_values_are_intervals(middle, width, factor):
    inner = rf"\lvert {factor}x - ({factor * middle}) \rvert"
    low, high, size = middle - width, middle + width, width * abs(factor)
    assert math.equivalent(f"({low}, {high})", f"{inner} < {size}").correct
    assert math.equivalent(rf"(-\infty, {low}] \cup [{high}, \infty)", rf"{inner} \ge {size}").correct
    for half_line in (f"x < {high}", f"x > {low}", f"[{low}, {high})"):
        assert not math.equivalent(half_line, f"{inner} < {size}").correct


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_fractions_are_compared_exactly(left, right):
    answer = rf"\frac{{{left.numerator}}}{{{left.denominator}}}"
    assert math.equivalent(answer, str(left)).correct
    assert math.equivalent(answer, str(right)).correct is (left == right)


@given(st.integers(-(10**40), 10**40), st.integers(-(10**40), 10**40))
def test_tolerance_never_applies_to_integers(left, right):
    assert math.equivalent(str(left), str(right)).correct is (left == right)
    assert not math.equivalent(str(left), str(left + 1)).correct
    assert math.equivalent(f"{left:,}", str(left)).correct


@given(st.lists(st.integers(-999, 999), min_size=2, max_size=6, unique=True), st.integers(0, 2**32))
def test_order_matters_in_tuples_and_not_in_sets(numbers, seed):
    shuffled = random.Random(seed).sample(numbers, len(numbers))
    as_text = [", ".join(map(str, part)) for part in (numbers, shuffled)]
    assert math.equivalent(rf"\{{{as_text[1]}\}}", rf"\{{{as_text[0]}\}}").correct
    assert math.equivalent(as_text[1], as_text[0]).correct
    assert math.equivalent(f"({as_text[1]})", f"({as_text[0]})").correct is (numbers == shuffled)
    assert not math.equivalent(as_text[0], str(numbers[0])).correct


@given(st.text(max_size=80))
def test_any_text_gets_a_verdict(text):
    verdict = math.equivalent(text, "123456789", symbolic=False)
    assert verdict.status == ("correct" if verdict.correct else "wrong")


PIECES = re.split(
    " +",
    r"1 2 3 12 0.5 1,234 x y n e i \pi + - * / ^ ^{ { } ( ) [ ] \{ \} | , ; = < > \le \frac "
    r"\sqrt[3]{ \sin \log _ ! % \pm \mp \cup \in \infty \text{cm} \text{or} or and \circ "
    r"\begin{pmatrix} \end{pmatrix} & \\ \binom \lfloor \rfloor C( cm million \approx \ne "
    r"\emptyset \mathbb{R} 9^9 99! \int \dollar $ \choose \overline{3} 0. abs yes no . ... ' "
    r"\left \right",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from(["", " "]))
def test_any_mixture_of_pieces_gets_a_verdict(pieces, space):
    text = space.join(pieces)
    for reference in ("987654321", "x^2+1", "(7,8)", "x<77", r"\{7,8\}"):
        assert math.equivalent(text, reference, symbolic=False).status == "wrong"
        with contextlib.suppress(ValueError):
            assert math.equivalent(reference, text, symbolic=False).status == "wrong"


UNITS = [("mm", 1), ("cm", 10), ("dm", 100), ("m", 1_000), ("km", 1_000_000)]


@given(st.integers(1, 10**6), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_lengths_are_converted_exactly(size, left, right):
    wanted = Fraction(size * left[1], right[1])
    answer = rf"{size}\text{{ {left[0]}}}"
    assert math.equivalent(
        answer, rf"\frac{{{wanted.numerator}}}{{{wanted.denominator}}}\text{{ {right[0]}}}"
    ).correct
    assert math.equivalent(answer, f"{size} {right[0]}").correct is (left == right)
    assert not math.equivalent(answer, f"{size} kg").correct


@given(st.integers(0, 10**6), st.integers(2, 9), st.integers(2, 9))
def test_numerals_need_their_base(value, left, right):
    digits = _digits(value, left)
    assert math.equivalent(f"{digits}_{{{left}}}", f"{digits}_{left}").correct
    assert math.equivalent(f"{digits}_{{{left}}}", digits).correct
    if left != right:
        assert not math.equivalent(f"{digits}_{left}", f"{_digits(value, right)}_{right}").correct


def _digits(value, base):
    digits = ""
    while value or not digits:
        value, digit = divmod(value, base)
        digits = str(digit) + digits
    return digits


@given(
    st.lists(st.integers(-50, 50), min_size=2, max_size=2, unique=True),
    st.sampled_from(["()", "[]", "[)", "(]"]),
)
def test_the_brackets_of_an_interval_count(ends, brackets):
    low, high = sorted(ends)
    left = "<=" if brackets[0] == "[" else "<"
    right = r"\le" if brackets[1] == "]" else "<"
    interval = f"{brackets[0]}{low}, {high}{brackets[1]}"
    assert math.equivalent(f"{low} {left} x {right} {high}", interval).correct
    for other in {"()", "[]", "[)", "(]"} - {brackets}:
        assert not math.equivalent(f"{other[0]}{low},{high}{other[1]}", interval).correct


@given(st.dates(min_value=date(1000, 1, 1)), st.dates(min_value=date(1000, 1, 1)))
def test_dates_are_days(day, other):
    names = [
        day.strftime(f"%B {day.day}, {day.year:04}"),
        f"{day.year:04}年{day.month}月{day.day}日",
        f"{day}",
    ]
    for name in names:
        assert math.equivalent(name, str(day)).correct
        assert math.equivalent(name, str(other)).correct is (day == other)


# Threads and processes


def test_threads_get_the_same_verdicts():
    chosen = [row for row in PAIRS if row["kind"] in ("beyond", "algebra", "hedges")]
    found = [[] for _ in range(4)]

    def judge(place):
        for row in chosen:
            found[place].append(judged(row).correct)

    threads = [threading.Thread(target=judge, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[row["same"] for row in chosen]] * 4


def test_a_worker_killed_while_idle_costs_no_verdict():
    symbolic.warm_up()
    for child in symbolic._pool(os.getpid())._free:
        os.kill(child.pid, signal.SIGKILL)
    assert math.equivalent(r"\int_0^1 x dx", "1/2").correct


def test_a_forked_child_has_its_own_workers():
    script = (
        "import os\n"
        "from verifiers import math\n"
        r"ask = lambda: math.equivalent(r'\int_0^1 x dx', '1/2').correct" "\n"
        "assert ask()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if ask() else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "assert ask()\n"
    )  # fmt: skip
    subprocess.run([sys.executable, "-c", script], check=True, timeout=300)

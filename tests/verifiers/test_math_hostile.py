"""Strings made to hang, crash or fool a verifier: each ends in a verdict, soon, and none is accepted."""

import contextlib
import time

import pytest

from verifiers import math, math_symbolic

HOSTILE = {
    "tower": "9^{9^{9^{9^{9}}}}",
    "plain tower": "9**9**9**9",
    "tall tower": "^".join(["9"] * 500),
    "factorials": "9!!!!!!!!!!",
    "huge factorial": "999999999!",
    "huge exponent": "2^{999999999999}",
    "tiny": "10^{-999999999}",
    "huge root": r"\sqrt[99999999999]{2}",
    "huge binomial": r"\binom{999999999}{499999999}",
    "exponential": r"e^{e^{e^{e^{10}}}}",
    "brackets": "(" * 100_000,
    "nested brackets": "(" * 1000 + "5" + ")" * 1000,
    "nested fractions": r"\frac{1}{" * 400 + "2" + "}" * 400,
    "nested roots": r"\sqrt{" * 300 + "2" + "}" * 300,
    "braces": "{" * 2000,
    "signs": "-" * 2000 + "5",
    "bars": "|" * 2000,
    "a megabyte of digits": "1" * 1_000_000,
    "many digits": "1" * 2_900,
    "many digits multiplied": "*".join(["9" * 900] * 3),
    "a megabyte of letters": "a" * 1_000_000,
    "a megabyte of commands": r"\frac" * 200_000,
    "a megabyte of spaces": " " * 1_000_000,
    "commas": "," * 2_900,
    "a long list": ",".join(["5"] * 700),
    "a long sum": "+".join(["x"] * 700),
    "a long product": r"\cdot".join(["(x+1)"] * 200),
    "an expanded power": "(x+y+z+w)^{900}",
    "controls": "\x00\x01\x02\x1b[31m5\x7f",
    "directions": "\u202e5\u202c6",
    "surrogate": "\ud800",
    "emoji": "🧮" * 500,
    "code": "__import__('os').system('sleep 9')",
    "code call": "().__class__.__bases__[0].__subclasses__()",
    "lambda": "(lambda: 5)()",
    "sympy": "sympy.factorial(10**9)",
    "f-string": "{5!r}",
    "unclosed": r"\frac{1}{",
    "unclosed environment": r"\begin{pmatrix} 1 & 2",
    "ends only": r"\end{pmatrix}",
    "backslashes": "\\" * 2_900,
    "input": r"\input{/etc/passwd}",
    "definition": r"\def\x{\x\x}\x",
    "integral tower": r"\int_0^1 x^{9^{9^{9^{9}}}} dx",
    "huge sum": r"\sum_{k=1}^{10^{12}} \sin(k^k)",
    "nested integrals": r"\int_0^x " * 40 + r"e^{-x^2}" + " dx" * 40,
    "matrix": r"\begin{pmatrix}" + r"1&2\\" * 300 + r"3&4\end{pmatrix}",
    "subscripts": "x_" * 900,
    "nan": r"\frac{0}{0}",
    "infinity": r"\infty - \infty",
    "ones": "1" + "/1" * 700,
    "percent": "5" + "%" * 1000,
    "units": "5 " + "cm" * 1000,
    "or": "5 or " * 500,
    "pm": r"\pm" * 500 + "5",
    "nested pm": r"(1\pm" * 20 + "1" + ")" * 20,
    "sets": r"\{" * 200 + r"\}" * 200,
    "abs": "|1|" * 400,
    "sine": r"\sin" * 300 + "x",
    "log": r"\log_{1} 5",
    "digits in words": "5five",
    "regex": "a" * 1000 + "!" * 1000,
}


@pytest.fixture(scope="module", autouse=True)
def _warm():
    math_symbolic.warm_up()


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("reference", ["5", "x^2+1"])
def test_ends_in_a_verdict(name, reference):
    started = time.process_time()
    # The kernel ends a worker after half a second of processor time; this process must need little.
    verdict = math.verify(rf"\boxed{{{HOSTILE[name]}}}", reference, timeout=0.5)
    direct = math.equivalent(HOSTILE[name], reference, symbolic=False)
    assert time.process_time() - started < 1.0
    assert not verdict.correct, verdict
    assert len(verdict.answer or "") <= 2_000
    assert direct.status == "wrong"


@pytest.mark.parametrize("name", HOSTILE)
def test_is_a_reference_or_the_callers_mistake(name):
    with contextlib.suppress(ValueError):
        assert not math.equivalent("7", HOSTILE[name], symbolic=False).correct


def test_a_time_out_is_a_status_and_the_next_question_is_answered():
    verdict = math.equivalent(r"\sum_{k=1}^{10^{12}} \sin(k^k)", "5", timeout=0.3)
    assert verdict.status == "timeout"
    assert verdict.score == 0.0
    assert math.equivalent(r"\int_0^1 x dx", "1/2").correct


def test_memory_is_capped():
    verdict = math.equivalent(r"\int_0^1 " + "9^{9^{9}}" + " dx", "5", timeout=0.5)
    assert verdict.status in ("timeout", "error", "wrong")

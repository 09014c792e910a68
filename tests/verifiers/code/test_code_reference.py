"""References: what is read, what is refused, and those made of rows of public benchmarks."""

import base64
import json
import os
import pickle
import zlib

import pytest

from verifiers import code
from verifiers.code.reference import read

TESTS = [{"stdin": "2\n", "stdout": "4\n"}]
CALLS = [{"arguments": [2], "result": 4}]


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("print(4)", "is an object such as"),
        (None, "is an object such as"),
        ([TESTS], "is an object such as"),
        ({}, "has one of tests, calls"),
        ({"tests": TESTS, "calls": CALLS, "function": "f"}, "has tests and calls"),
        ({"tests": []}, "`tests` .* not empty"),
        ({"tests": {"stdin": "2"}}, "`tests` .* list"),
        ({"tests": ["2"]}, r"`tests\[0\]` .* object"),
        ({"tests": [{"stdin": "2"}]}, r"`tests\[0\].stdout`"),
        ({"tests": [{"stdin": 2, "stdout": "4"}]}, "stdin"),
        ({"tests": [{"input": "2", "stdout": "4"}]}, "unknown field 'input'"),
        ({"tests": TESTS, "comparison": "exact"}, "unknown field 'comparison'"),
        ({"tests": TESTS, "compare": "value"}, "`compare` .* exact, lines"),
        ({"tests": TESTS, "compare": ["lines"]}, "`compare`"),
        ({"tests": TESTS, "tolerance": -1}, "`tolerance` .* at least 0"),
        ({"tests": TESTS, "tolerance": True}, "`tolerance` .* number"),
        ({"tests": TESTS, "language": "rust"}, "`language` .* python, cpp"),
        ({"tests": TESTS, "language": ["python"]}, "`language`"),
        ({"tests": TESTS, "limits": {"seconds": 2}}, "unknown field 'seconds'"),
        ({"tests": TESTS, "limits": {"cpu_seconds": 0}}, "`limits.cpu_seconds` .* above 0"),
        ({"tests": TESTS, "limits": {"cpu_seconds": "2"}}, "`limits.cpu_seconds` .* number"),
        ({"tests": TESTS, "limits": 2}, "`limits` .* object"),
        ({"tests": TESTS, "checker": 5}, "`checker` .* object"),
        ({"tests": TESTS, "checker": {"language": "python"}}, "`checker.source`"),
        ({"tests": TESTS, "function": "f"}, "unknown field 'function'"),
        ({"tests": TESTS, "prompt": 5}, "`prompt` .* text"),
        ({"calls": CALLS}, "`function`"),
        ({"calls": CALLS, "function": "f("}, "`function`"),
        ({"calls": CALLS, "function": "f", "language": "cpp"}, "for Python"),
        ({"calls": [{"arguments": 2, "result": 4}], "function": "f"}, r"`calls\[0\].arguments` .* list"),
        ({"calls": [{"arguments": [2]}], "function": "f"}, r"`calls\[0\]` has no `result`"),
        ({"calls": [{"arguments": [object()], "result": 4}], "function": "f"}, "JSON cannot hold"),
        ({"check": "def check(candidate): pass"}, "`function`"),
        ({"check": "assert f(2) == 4", "function": "f"}, "must define"),
        ({"check": "def check(candidate): (", "function": "f"}, "not Python"),
        ({"check": 5, "function": "f"}, "text"),
        ({"assertions": "f(2)", "function": "f"}, "asserts nothing"),
        ({"assertions": ["assert f(2) == 4", "assert"], "function": "f"}, r"`assertions\[1\]`.*not Python"),
        ({"assertions": "assert f(2) == 4", "function": "f", "setup": "import ("}, "`setup`"),
        ({"harness": "int main() { }"}, "`check` or `assertions`"),
        ({"harness": "int main() { ", "language": "cpp"}, "must end"),
        ({"harness": 5, "language": "cpp"}, "text"),
    ],
)
def test_a_malformed_reference_is_the_callers_mistake(reference, complaint):
    with pytest.raises(ValueError, match=complaint) as error:
        code.verify("```python\nprint(4)\n```", reference)
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=complaint):
        code.check("", reference)


def test_options_are_checked():
    with pytest.raises(ValueError, match="score"):
        code.verify("", {"tests": TESTS}, score="some")
    with pytest.raises(ValueError, match="sandbox"):
        code.verify("", {"tests": TESTS}, sandbox=5)
    with pytest.raises(ValueError, match="response"):
        code.verify(None, {"tests": TESTS})


def test_fields_that_are_none_are_left_out():
    assert read({"tests": TESTS, "calls": None, "function": None}) == read({"tests": TESTS})


def test_a_long_output_has_room():
    task = read({"tests": [{"stdin": "", "stdout": "1\n" * 1_000_000}]})
    assert task.limits.output_bytes > 2_000_000
    assert read({"tests": TESTS, "limits": {"output_bytes": 10}}).limits.output_bytes == 10


def test_python_values_are_read_as_json_has_them():
    calls = [{"arguments": ((1, 2),), "result": {1: (2, {3, 1})}}]
    (case,) = read({"function": "f", "calls": calls}).cases
    assert json.loads(case.given) == [[1, 2]]
    assert case.expected == {"1": [2, {"__set__": [1, 3]}]}


def fenced(source):
    return f"```python\n{source}\n```"


HUMANEVAL = {
    "task_id": "Own/0",
    "prompt": "def shifted(n: int) -> int:\n    return n + 3\n\n\ndef unshifted(n: int) -> int:\n    '''Undo it.'''\n",
    "entry_point": "unshifted",
    "test": "def check(candidate):\n    for n in range(9):\n        assert candidate(shifted(n)) == n\n",
}


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("    return n - 3", "correct"),
        ("def unshifted(n):\n    return n - 3", "correct"),
        ("    return n - 2", "wrong"),
        ("    pass", "wrong"),
    ],
)
def test_a_row_of_humaneval(program, status):
    assert code.verify(fenced(program), code.from_humaneval(HUMANEVAL)).status == status


MBPP = {
    "code": "def twice(n):\n  return 2 * n",
    "test_list": ["assert list(map(twice, [1])) == [2] and twice(2) == 4", "assert isclose(twice(0.1), 0.2)"],
    "test_setup_code": "from math import isclose",
}


@pytest.mark.parametrize(
    ("program", "passed"),
    [("def twice(n):\n    return n + n", [True, True]), ("def twice(n):\n    return n * n", [False, False])],
)
def test_a_row_of_mbpp(program, passed):
    reference = code.from_mbpp(MBPP)
    assert reference["function"] == "twice"
    assert [result.passed for result in code.check(fenced(program), reference)] == passed


def test_a_row_of_mbpp_that_calls_nothing():
    with pytest.raises(ValueError, match="calls no function"):
        code.from_mbpp({**MBPP, "test_list": ["assert True"]})


def packed(cases):
    return base64.b64encode(zlib.compress(pickle.dumps(json.dumps(cases)))).decode()


@pytest.mark.parametrize("pack", [json.dumps, packed])
def test_a_row_of_livecodebench_with_functions(pack):
    row = {
        "public_test_cases": json.dumps([{"input": "[1, 2]\n3", "output": "6", "testtype": "functional"}]),
        "private_test_cases": pack([{"input": "[]\n0", "output": "0", "testtype": "functional"}]),
        "metadata": '{"func_name": "total"}',
    }
    program = "class Solution:\n    def total(self, ns: List[int], more: int) -> int:\n        return sum(ns) + more"
    verdict = code.verify(fenced(program), code.from_livecodebench(row))
    assert (verdict.status, verdict.reason) == ("correct", "Passes all 2 tests.")
    assert code.verify(fenced(program.replace("+ more", "")), code.from_livecodebench(row)).status == "wrong"


@pytest.mark.parametrize("pack", [json.dumps, packed])
def test_a_row_of_livecodebench_with_standard_input(pack):
    row = {
        "public_test_cases": json.dumps([{"input": "2\n", "output": "4.0\n", "testtype": "stdin"}]),
        "private_test_cases": pack([{"input": "3\n", "output": "6.0\n", "testtype": "stdin"}]),
        "metadata": "{}",
    }
    assert code.verify(fenced("print(int(input()) * 2)"), code.from_livecodebench(row)).correct
    assert not code.verify(fenced("print(4)"), code.from_livecodebench(row)).correct


def test_a_pickle_that_is_more_than_text_is_refused():
    class Deadly:
        def __reduce__(self):
            return os._exit, (3,)

    row = {
        "public_test_cases": "[]",
        "private_test_cases": base64.b64encode(zlib.compress(pickle.dumps(Deadly()))),
    }
    with pytest.raises(ValueError, match="must be text"):
        code.from_livecodebench({**row, "private_test_cases": row["private_test_cases"].decode()})


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("    return 1", "correct"),
        ("  return 1", "correct"),
        ("def one():\n    return 1", "correct"),
        ("import math\ndef one():\n    return math.floor(1.5)", "correct"),
        ("def one():\n    return 2", "wrong"),
        ("    return 2", "wrong"),
    ],
)
@pytest.mark.parametrize("fence", [True, False])
def test_a_head_without_a_docstring(program, status, fence):
    row = {
        "prompt": "def one():\n",
        "entry_point": "one",
        "test": "def check(candidate):\n    assert candidate() == 1",
    }
    response = fenced(program) if fence else program
    assert code.verify(response, code.from_humaneval(row)).status == status


def livecodebench(cases, function=None):
    row = {
        "public_test_cases": json.dumps(cases),
        "private_test_cases": "[]",
        "metadata": json.dumps({"func_name": function} if function else {}),
    }
    return code.from_livecodebench(row)


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("print(1, 2)\nprint(3)", "correct"),
        ("print(1.0, '2e0')\nprint('  3.00  ')", "correct"),
        ("print(1)\nprint(2)\nprint(3)", "wrong"),
        ("print(1, 2, 3)", "wrong"),
        ("print(1.0000001, 2)\nprint(3)", "wrong"),
    ],
)
def test_livecodebench_compares_line_by_line(printed, status):
    reference = livecodebench([{"input": "", "output": "1 2\n3\n"}])
    assert code.verify(fenced(printed), reference).status == status


@pytest.mark.parametrize(
    ("value", "expected", "status"),
    [
        ("True", "1", "correct"),
        ("(1, 2)", "[1, 2]", "correct"),
        ("0.1 + 0.2", "0.3", "wrong"),
        ("[2.0]", "[2]", "correct"),
        ("'1'", "1", "wrong"),
    ],
)
def test_livecodebench_compares_values_as_python_does(value, expected, status):
    reference = livecodebench([{"input": "0", "output": expected}], "f")
    program = f"class Solution:\n    def f(self, x: Optional[int]):\n        return {value}\n"
    assert code.verify(fenced(program), reference).status == status


def test_livecodebench_programs_have_the_names_of_its_modules():
    program = (
        "data = stdin.read().split()\nmatch(r'(\\d+)', data[0])\nprint(loads(data[0]) + randint(2, 2))\n"
        "print(len(ascii_lowercase), mean([1, 2, 3]), datetime.datetime(2024, 1, 1).year, add(1, 2))"
    )
    reference = livecodebench([{"input": "4\n", "output": "6\n26 2 2024 3\n"}])
    verdict = code.verify(fenced(program), reference)
    assert verdict.correct, verdict.reason


def test_a_program_for_livecodebench_has_more_memory_than_the_sites_allow():
    program = "print(len(bytearray(b'1' * (700 << 20))))"
    assert code.verify(fenced(program), livecodebench([{"input": "", "output": f"{700 << 20}"}])).correct

"""What a run of a Python program is: a script, a call, or assertion tests."""

import json

import pytest
from sandbox_runs import SMALL, call, check, run, say

from verifiers.sandbox import Call, Check, Limits, Program, Stdin

# --- Scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "stdin", "stdout"),
    [
        ("print(int(input()) * 2)", b"21\n", "42"),
        ("import sys; print(sum(map(int, sys.stdin)))", b"1\n2\n3", "6"),
        ("import sys; print(len(sys.stdin.buffer.read()))", b"\0\xff" * 100_000, "200000"),
        ("import os; print(os.read(0, 9).decode())", b"abc", "abc"),
        ("print(open(0).read())", b"abc", "abc"),
        ("print(__name__, __file__ == __import__('sys').argv[0])", b"", "__main__ True"),
        ("print(open(__file__).read())", b"", "print(open(__file__).read())"),
        ("import sys; sys.stdout.buffer.write(b'a\\n')", b"", "a"),
        ("import os; os.write(1, b'a')", b"", "a"),
        ("print('é', end='')", b"", "é"),
        ("import sys; print(sys.stdin.seekable(), sys.stdout.seekable(), sys.stdout.line_buffering)", b"",
         "False False False"),
        ("import sys; print(sys.stdin.encoding, sys.stdout.encoding, ascii(input()))", b"\xff",
         "utf-8 utf-8 '\\udcff'"),
        ("import threading; threading.Thread(target=lambda: print('from a thread')).start()", b"", "from a thread"),
        ("import atexit; atexit.register(print, 'last'); print('first')", b"", "first\nlast"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    a: int\nprint(A(1))", b"", "A(a=1)"),
        ("import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)", b"", "True"),
        ("import gc, sys; print(gc.isenabled(), sys.getrecursionlimit())", b"", "True 1000"),
        ("import os; print(os.getcwd(), sorted(os.environ))", b"",
         "/tmp ['HOME', 'LANG', 'OPENBLAS_NUM_THREADS', 'PATH', 'TMPDIR']"),
        ("import multiprocessing as m\nif __name__ == '__main__':\n"
         "    with m.Pool(2) as pool: print(pool.map(abs, [-1, -2]))", b"", "[1, 2]"),
        ("import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'print(1)'], text=True,"
         " capture_output=True).stdout)", b"", "1\n"),
    ],
)  # fmt: skip
def test_a_script_runs_as_it_does_in_an_interpreter(sandbox, source, stdin, stdout):
    assert say(sandbox, source, stdin=stdin, open_files=64, memory_bytes=1 << 29) == stdout


@pytest.mark.parametrize(
    ("source", "code", "stderr"),
    [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("exit(256 + 4)", 4, ""),
        ("import sys; sys.exit('why')", 1, "why\n"),
        ("raise KeyboardInterrupt", 130, "KeyboardInterrupt"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero"),
        ("a b", 1, "SyntaxError: invalid syntax"),
        ("import os; os._exit(7)", 7, ""),
        ("import sys; sys.stdout.close(); sys.stdout = None", 0, ""),
        ("import atexit; atexit.register(lambda: 1 / 0)", 0, "ZeroDivisionError"),
        ("def f(): f()\nf()", 1, "RecursionError"),
    ],
)
def test_a_script_ends_as_it_does_in_an_interpreter(sandbox, source, code, stderr):
    execution = run(sandbox, source)
    assert (execution.outcome, execution.exit_code) == ("exited", code)
    assert stderr in execution.stderr.decode()
    assert execution.ok is (code == 0)


def test_a_traceback_shows_the_program_and_nothing_else(sandbox):
    execution = run(sandbox, "def f():\n    return 1 / 0\n\nf()\n")
    lines = execution.stderr.decode().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert [line for line in lines if line.startswith("  File")] == [
        '  File "/tmp/main.py", line 4, in <module>',
        '  File "/tmp/main.py", line 2, in f',
    ]


def test_a_script_may_end_before_it_has_read_its_input(sandbox):
    assert say(sandbox, "print('done')", stdin=b"x" * 10_000_000) == "done"


def test_a_signal_is_told_from_an_exit_code(sandbox):
    execution = run(sandbox, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    assert (execution.outcome, execution.signal, execution.exit_code) == ("signalled", 15, None)
    assert "SIGTERM" in execution.reason


def test_files_lie_beside_the_program(sandbox):
    files = {"helper.py": "value = 7", "data/a.txt": "eight"}
    assert (
        say(sandbox, "import helper; print(helper.value, open('data/a.txt').read())", files=files)
        == "7 eight"
    )


def test_runs_repeat(sandbox):
    source = "import random; print(hash('a'), random.random(), list({'a', 'b', 'c'}))"
    inputs = [Stdin()] * 3
    assert len({execution.stdout for execution in sandbox.run(Program(source), inputs, SMALL)}) == 1


def test_figures_of_a_run(sandbox):
    execution = run(sandbox, "import time\nwhile time.process_time() < 0.3: pass\nb = bytearray(1 << 26)")
    assert 0.3 <= execution.cpu_seconds <= 1
    assert execution.wall_seconds >= 0.29
    assert 1 << 26 <= execution.peak_memory_bytes <= 1 << 28
    assert {"pid_namespace", "rlimits", "no_new_privileges"} <= set(execution.layers)


# --- Calls --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "arguments", "value"),
    [
        ("def f(a, b): return a + b", (1, 2), 3),
        ("def f(a): return [a, (a, None), {'k': True}, 1.5, 'é']", ("x",), ["x", ["x", None], {"k": True}, 1.5, "é"]),
        ("def f(): return {3, 1, 2}", (), {"__set__": [1, 2, 3]}),
        ("def f(): return {1: 2, None: 3}", (), {"1": 2, "null": 3}),
        pytest.param("def f(n): return 10 ** n", (5000,), 10**5000, id="digits"),
        ("from collections import Counter\ndef f(): return Counter('aab')", (), {"a": 2, "b": 1}),
        ("class I(int):\n    def __int__(self): return 7\n    __index__ = __add__ = __repr__ = __int__\n"
         "def f(): return I(3)", (), 3),
        ("class L(list):\n    def __iter__(self): return iter([9])\ndef f(): return L([1])", (), [1]),
        ("class D(dict):\n    def items(self): return [(1, 2)]\ndef f(): return D(a=1)", (), {"a": 1}),
        ("class S(str):\n    def __str__(self): return 'no'\ndef f(): return S('yes')", (), "yes"),
    ],
)  # fmt: skip
def test_a_call_returns_plain_values(sandbox, source, arguments, value, monkeypatch):
    execution = call(sandbox, source, "f", *arguments)
    assert execution.ok, execution
    parse = {"parse_int": lambda digits: int(digits) if len(digits) < 4000 else 10 ** (len(digits) - 1)}
    assert json.loads(execution.value, **parse) == value


def test_a_method_is_called_on_a_fresh_object(sandbox):
    source = "class Solution:\n    def twice(self, n): return n * 2"
    assert call(sandbox, source, "Solution.twice", 4).value == "8"


@pytest.mark.parametrize("source", [
    "class A: pass\ndef f(): return A()",
    "def f(): return f",
    "def f(): return 1j",
    "def f(): return {(1, 2): 3}",
    "def f():\n    a = []\n    a.append(a)\n    return a",
    "import os, sys\ndef f(): os._exit(0)",
    "import sys\ndef f(): sys.exit(0)",
])  # fmt: skip
def test_what_json_cannot_hold_is_no_value(sandbox, source):
    assert call(sandbox, source, "f").value is None


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("def f(): raise ValueError('no')", "ValueError: no"),
        ("def g(): pass", "NameError: name 'f' is not defined"),
        ("1 / 0", "ZeroDivisionError"),
        ("def f(a): pass", "TypeError"),
    ],
)
def test_a_call_that_raises_has_no_value(sandbox, source, error):
    execution = call(sandbox, source, "f")
    assert (execution.outcome, execution.exit_code, execution.value) == ("exited", 1, None)
    assert error in execution.stderr.decode()


def test_a_call_does_not_run_the_main_block(sandbox):
    source = "def f(): return 1\nif __name__ == '__main__': raise SystemExit(5)"
    assert call(sandbox, source, "f").value == "1"


# --- Checks -------------------------------------------------------------------------------------------------

KINDS = [0, -(10**4000), 1.5, float("inf"), True, None, "é\ud800", b"\0", bytearray(b"x"), 1 + 2j, range(1, 9, 2),
         [1, [2]], (1, (2,)), {1, 2}, frozenset({"a"}), {(1, 2): {"k": [None]}, 3.5: 4}]  # fmt: skip


def test_plain_values_of_every_kind_cross_both_ways(sandbox):
    tests = "import sys\nsys.set_int_max_str_digits(0)\ninf = float('inf')\n" + "".join(
        f"v = {value!r}\nr = f(v)\nassert r == v and type(r) is type(v), r\n" for value in KINDS
    )
    execution = check(sandbox, "def f(x): return x", tests + "assert f(float('nan')) != f(float('nan'))")
    assert execution.ok, execution


@pytest.mark.parametrize(
    ("source", "tests"),
    [
        ("def f(a, *, b=1): return a - b", "assert f(5) == 4\nassert f(a=5, b=2) == 3"),
        ("def f(a): a.sort()", "a = [3, 1]\nassert f(a) is None\nassert a == [1, 3]"),
        ("def f(d): d.update(k=1)", "d = {}\nf(d)\nassert d == {'k': 1}"),
        ("def f(): raise KeyError('x')", "try: f()\nexcept KeyError: pass\nelse: assert False"),
        ("class Odd(ValueError): pass\ndef f(): raise Odd('x')",
         "try: f()\nexcept ValueError as e: assert str(e) == 'x'"),
        ("n = 0\ndef f():\n    global n\n    n += 1\n    return n", "assert [f(), f()] == [1, 2]"),
        ("def f(x): return x", "def check(candidate):\n    assert candidate(1) == 1\ncheck(f)"),
        ("def f(x): return x",
         "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(1), 1)\n"
         "unittest.main()"),
    ],
)  # fmt: skip
def test_tests_that_hold(sandbox, source, tests):
    execution = check(sandbox, source, tests)
    assert execution.ok, execution


@pytest.mark.parametrize(
    ("source", "tests", "code"),
    [
        ("def f(): return 1", "assert f() == 2", 1),
        ("def f(): raise SystemExit(0)", "assert f() == 2", 1),
        ("import os\ndef f(): os._exit(0)", "assert f() == 2", 1),
        ("import os\nos._exit(0)", "assert f() == 2", 1),
        ("import os\ndef f(): os._exit(5)", "try: f()\nexcept BaseException: pass", 5),
        ("def g(): pass", "try: f()\nexcept BaseException: pass", 1),
        ("def f(): raise RuntimeError", "f()", 1),
    ],
)
def test_tests_that_do_not_hold(sandbox, source, tests, code):
    execution = check(sandbox, source, tests)
    assert (execution.outcome, execution.exit_code) == ("exited", code), execution


def test_a_program_that_is_killed_in_a_check_says_so(sandbox):
    execution = check(
        sandbox, "import ctypes\ndef f(): ctypes.string_at(0)", "try: f()\nexcept BaseException: pass"
    )
    assert (execution.outcome, execution.signal) == ("signalled", 11)


# --- Callers ------------------------------------------------------------------------------------------------


def test_an_input_is_run_when_it_is_asked_for(sandbox):
    asked = []

    def inputs():
        for number in range(5):
            asked.append(number)
            yield Stdin(str(number).encode())

    executions = sandbox.run(Program("print(input())"), inputs(), SMALL)
    assert asked == []
    assert next(executions).stdout == b"0\n"
    assert asked == [0]
    executions.close()
    assert asked == [0]


def test_iterators_left_half_way_hold_nobody_up(sandbox):
    half_way = [sandbox.run(Program(f"print({n})"), [Stdin()] * 2, SMALL) for n in range(5)]
    assert [next(executions).stdout for executions in half_way] == [b"%d\n" % n for n in range(5)]
    assert say(sandbox, "print('on')") == "on"
    assert [next(executions).stdout for executions in half_way] == [b"%d\n" % n for n in range(5)]


@pytest.mark.parametrize(
    ("program", "one", "limits", "what"),
    [
        (Program("", "cobol"), Stdin(), SMALL, "Program.language"),
        (Program("", "python", {"../a": ""}), Stdin(), SMALL, "Program.files"),
        (Program("", "python", {"/a": ""}), Stdin(), SMALL, "Program.files"),
        (Program("", "python", {"main.py": ""}), Stdin(), SMALL, "Program.files"),
        (Program("", "bash"), Call("f", "[]"), SMALL, "Call"),
        (Program("", "bash"), Check("f", ""), SMALL, "Check"),
        (Program(""), "text", SMALL, "str"),
        (Program(""), Stdin(), Limits(cpu_seconds=0), "Limits.cpu_seconds"),
        (Program(""), Stdin(), Limits(wall_seconds=float("nan")), "Limits.wall_seconds"),
    ],
)
def test_a_callers_mistake_is_named(sandbox, program, one, limits, what):
    with pytest.raises(ValueError, match=what):
        list(sandbox.run(program, [one], limits))


def test_a_program_may_import_numpy_where_it_is_installed(sandbox):
    pytest.importorskip("numpy")
    source = "import numpy as np\nprint(np.linalg.det(np.eye(int(input()))))"
    assert say(sandbox, source, stdin=b"3", memory_bytes=1 << 30) == "1.0"

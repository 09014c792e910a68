"""Judging programs: statuses, layers, reasons and scores, on every sort of reference."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from code_processes import below, parents_of_all

from verifiers import Item, code, verify, verify_batch
from verifiers.sandbox import LocalSandbox, SandboxUnavailable, toolchains
from verifiers.sandbox.languages import toolchain
from verifiers.sandbox.types import Check, Execution, Stdin

TESTS = {"tests": [{"stdin": f"{n}\n", "stdout": f"{2 * n}\n"} for n in (2, 3, 5)]}
CALLS = {"function": "f", "calls": [{"arguments": [n], "result": 2 * n} for n in (2, 3, 5)]}
CHECK = {
    "function": "f",
    "check": "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 6\n",
}
ASSERTIONS = {"function": "f", "assertions": [f"assert f({n}) == {2 * n}" for n in (2, 3, 5)]}
TWICE = "```python\nf = lambda n: n * 2\nif __name__ == '__main__':\n    print(f(int(input())))\n```"


class Scripted:
    """A sandbox that gives the executions it is told to, and remembers what it was asked."""

    def __init__(self, *executions):
        self.executions, self.programs, self.inputs = executions, [], []

    def run(self, program, inputs, limits):
        self.programs.append(program)
        for one, execution in zip(inputs, self.executions, strict=False):
            self.inputs.append(one)
            if isinstance(execution, Exception):
                raise execution
            yield execution

    def close(self):
        pass


def ended(stdout=b"", exit_code=0, **more):
    return Execution("exited", f"Ended with exit code {exit_code}.", exit_code, stdout=stdout, **more)


@pytest.mark.parametrize(
    ("execution", "status", "layer", "reason"),
    [
        (ended(b"4\n"), "correct", "compare", "Passes its test."),
        (ended(b"5\n"), "wrong", "compare", "Test 1 of 1: prints '5', not '4'."),
        (ended(b"4\n", 3), "wrong", "run", "Test 1 of 1: ended with exit code 3."),
        (
            ended(b"4\n", 1, stderr=b"Traceback\nValueError: no\n"),
            "wrong",
            "run",
            "Test 1 of 1: ended with exit code 1: ValueError: no.",
        ),
        (
            ended(b"", 1, stderr=b"SyntaxError: invalid syntax\n"),
            "wrong",
            "compile",
            "Test 1 of 1: ended with exit code 1: SyntaxError: invalid syntax.",
        ),
        (
            Execution("signalled", "Ended by SIGSEGV.", signal=11, stdout=b"4\n"),
            "wrong",
            "run",
            "Test 1 of 1: ended by SIGSEGV.",
        ),
        (
            Execution("limit", "More than 2 s.", limit="cpu", stdout=b"4\n"),
            "wrong",
            "cpu",
            "Test 1 of 1: over its limit of 2 s of processor time.",
        ),
        (
            Execution("limit", "More.", limit="wall", stdout=b"4\n"),
            "wrong",
            "wall",
            "Test 1 of 1: over its limit of 3 s by the clock.",
        ),
        (
            Execution("limit", "More.", limit="memory"),
            "wrong",
            "memory",
            "Test 1 of 1: over its limit of 64 MiB of memory.",
        ),
        (
            Execution("not_compiled", "It does not compile: no such thing."),
            "wrong",
            "compile",
            "Test 1 of 1: it does not compile: no such thing.",
        ),
        (
            Execution("no_toolchain", "There is no g++ here."),
            "error",
            "sandbox",
            "Test 1 of 1: there is no g++ here.",
        ),
        (
            Execution("failed", "The server was killed."),
            "error",
            "sandbox",
            "Test 1 of 1: the server was killed.",
        ),
        (
            SandboxUnavailable("Bubblewrap is missing."),
            "error",
            "sandbox",
            "Test 1 of 1: Bubblewrap is missing.",
        ),
    ],
)
def test_each_outcome(execution, status, layer, reason):
    limits = {"cpu_seconds": 2, "wall_seconds": 3, "memory_bytes": 1 << 26}
    reference = {"tests": [{"stdin": "2\n", "stdout": "4\n"}], "limits": limits}
    verdict = verify("code", TWICE, reference, sandbox=Scripted(execution))
    assert (verdict.status, verdict.layer, verdict.reason) == (status, layer, reason)
    assert verdict.score == (status == "correct")
    assert verdict.answer.startswith("f = lambda")
    assert (verdict.verifier, verdict.version) == ("code", code.VERSION)


def test_it_stops_at_the_first_failure():
    sandbox = Scripted(ended(b"4"), ended(b"7"), ended(b"10"))
    verdict = code.verify(TWICE, TESTS, sandbox=sandbox)
    assert (verdict.status, verdict.reason) == ("wrong", "Test 2 of 3: prints '7', not '6'.")
    assert sandbox.inputs == [Stdin(b"2\n"), Stdin(b"3\n")]


def test_a_share():
    sandbox = Scripted(ended(b"4"), ended(b"7"), ended(b"10"))
    verdict = code.verify(TWICE, TESTS, sandbox=sandbox, score="share")
    assert (verdict.status, verdict.score) == ("wrong", pytest.approx(2 / 3))
    assert verdict.reason == "Passes 2 of 3. Test 2 of 3: prints '7', not '6'."
    verdict = code.verify(
        TWICE, TESTS, sandbox=Scripted(ended(b"4"), ended(b"6"), ended(b"10")), score="share"
    )
    assert (verdict.status, verdict.score) == ("correct", 1.0)


def test_a_share_is_no_share_where_the_sandbox_failed():
    sandbox = Scripted(ended(b"4"), Execution("failed", "Killed."), ended(b"10"))
    verdict = code.verify(TWICE, TESTS, sandbox=sandbox, score="share")
    assert (verdict.status, verdict.score, verdict.layer) == ("error", 0.0, "sandbox")


def test_results_of_each_test():
    sandbox = Scripted(ended(b"4"), ended(b"7", cpu_seconds=0.25), Execution("failed", "Killed."))
    results = code.check(TWICE, TESTS, sandbox=sandbox)
    assert [result.outcome for result in results] == ["passed", "failed", "error"]
    assert [result.passed for result in results] == [True, False, False]
    assert results[1].execution.cpu_seconds == 0.25
    assert [result.layer for result in code.check("No code.", TESTS)] == ["extract"] * 3


@pytest.mark.parametrize(
    ("response", "finish_reason", "status"),
    [
        ("I do not know.", None, "no_answer"),
        ("I do not know.", "length", "truncated"),
        ("```python\nprint(", None, "no_answer"),
        ("```python\nprint(", "length", "truncated"),
        ("<think>so", "length", "truncated"),
        ("print(1)", "length", "truncated"),
        ("", "stop", "no_answer"),
    ],
)
def test_no_program(response, finish_reason, status):
    verdict = code.verify(response, TESTS, finish_reason=finish_reason, sandbox=Scripted())
    assert (verdict.status, verdict.layer, verdict.answer, verdict.score) == (status, "extract", None, 0.0)


def test_a_program_that_is_too_long_is_not_run():
    sandbox = Scripted()
    verdict = code.verify("```python\n" + "#" * 300_000 + "\n```", TESTS, sandbox=sandbox)
    assert (verdict.status, verdict.layer, sandbox.programs) == ("wrong", "extract", [])


def test_expected_outputs_never_enter_the_sandbox():
    for reference in (
        {"tests": [{"stdin": "1\n", "stdout": "k15-secret\n"}]},
        {"function": "f", "calls": [{"arguments": [1], "result": "k15-secret"}]},
    ):
        sandbox = Scripted(ended(value='"k15"'))
        code.verify(TWICE, reference, sandbox=sandbox)
        assert sandbox.inputs
        assert "k15-secret" not in repr((sandbox.programs, sandbox.inputs))


def test_the_tests_of_a_check_are_no_part_of_the_program():
    sandbox = Scripted(ended())
    code.verify(TWICE, CHECK, sandbox=sandbox)
    assert "candidate" not in sandbox.programs[0].source
    (one,) = sandbox.inputs
    assert isinstance(one, Check)
    assert one.tests.endswith("check(f)\n")


# --- In the real sandbox ------------------------------------------------------------------------------------

REFERENCES = [TESTS, CALLS, CHECK, ASSERTIONS]


@pytest.mark.parametrize("reference", REFERENCES, ids=["tests", "calls", "check", "assertions"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("n * 2", "correct"),
        ("n + n", "correct"),
        ("n * 3", "wrong"),
        ("4", "wrong"),
        ("str(n * 2) + '!'", "wrong"),
        ("None", "wrong"),
        ("1 // 0", "wrong"),
        ("(yield n)", "wrong"),
        ("", "wrong"),
    ],
)
def test_each_sort_of_reference(reference, body, status):
    program = f"def f(n):\n    return ({body})\nif __name__ == '__main__':\n    print(f(int(input())))"
    verdict = code.verify(f"```python\n{program}\n```", reference)
    assert verdict.status == status, verdict


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("class Solution:\n    def f(self, n):\n        return n * 2", "f"),
        ("class Solution:\n    @staticmethod\n    def f(n):\n        return n * 2", "f"),
        ("class Solution:\n    def f(self, n):\n        return n * 2", "Solution.f"),
        ("class Solution: pass\ndef f(n): return n * 2", "f"),
        ("class Solution: pass\nf = lambda n: n * 2", "f"),
        ("from operator import add\ndef f(n): return add(n, n)", "f"),
    ],
)
def test_a_function_or_a_method(program, name):
    for reference in (CALLS, CHECK, ASSERTIONS):
        assert code.verify(f"```python\n{program}\n```", {**reference, "function": name}).correct


def test_a_prompt_stands_before_the_program():
    prompt = "from math import isqrt\n\ndef f(n):\n    '''Twice n.'''\n"
    for program in (
        "    return isqrt(4 * n * n)",
        "from __future__ import annotations\ndef f(n: no_such_type):\n    return isqrt(4 * n * n)",
    ):
        assert code.verify(f"```python\n{program}\n```", {**CALLS, "prompt": prompt}).correct
    assert not code.verify("```python\ndef f(n):\n    return isqrt(4 * n * n)\n```", CALLS).correct


@pytest.mark.parametrize(
    ("compare", "expected", "program", "correct"),
    [
        ("exact", "4\n", "print(4)", True),
        ("exact", "4", "print(4)", False),
        ("unordered_lines", "1\n2\n", "print(2)\nprint(1)", True),
        ("tokens", "1 2", "print(1)\nprint(2)", True),
        ("numbers", "0.3333333", "print(1/3)", True),
        ("numbers", "0.3334", "print(1/3)", False),
    ],
)
def test_ways_to_compare_output(compare, expected, program, correct):
    reference = {"tests": [{"stdin": "", "stdout": expected}], "compare": compare}
    assert code.verify(f"```python\n{program}\n```", reference).correct == correct


def test_values_in_any_order():
    reference = {"function": "f", "calls": [{"arguments": [], "result": [[1, 2], [3]]}]}
    program = "```python\ndef f():\n    return [[3], (1, 2)]\n```"
    assert not code.verify(program, reference).correct
    assert code.verify(program, {**reference, "compare": "unordered_value"}).correct


CHECKER = """
import sys

def part():
    size = int(sys.stdin.buffer.readline())
    return sys.stdin.buffer.read(size + 1)[:-1].decode()

given, said, expected = part(), part(), part()
assert int(given) == sum(map(int, said.split())), "the parts do not add up"
sys.exit(len(said.split()) != int(expected))
"""


@pytest.mark.parametrize(
    ("program", "status", "layer", "reason"),
    [
        ("print(1, int(input()) - 1)", "correct", "checker", "Passes all 2 tests."),
        ("print(int(input()) - 2, 2)", "correct", "checker", "Passes all 2 tests."),
        ("print(int(input()))", "wrong", "checker", "Test 1 of 2: the checker rejects."),
        (
            "print(1, 3)",
            "wrong",
            "checker",
            "Test 2 of 2: the checker rejects: AssertionError: the parts do not add up.",
        ),
        ("print(1, 3)\nraise SystemExit(2)", "wrong", "run", "Test 1 of 2: ended with exit code 2."),
    ],
)
def test_a_checker(program, status, layer, reason):
    reference = {
        "tests": [{"stdin": "4\n", "stdout": "2"}, {"stdin": "9\n", "stdout": "2"}],
        "checker": CHECKER,
    }
    verdict = code.verify(f"```python\n{program}\n```", reference)
    assert (verdict.status, verdict.layer, verdict.reason) == (status, layer, reason)
    assert verdict.policy == "compare=checker score=all code=fenced"


def test_a_checker_of_values_and_shares():
    checker = (
        "import json, sys\n"
        "parts = [json.loads(sys.stdin.buffer.read(int(sys.stdin.buffer.readline()) + 1)) for _ in range(3)]\n"
        "sys.exit(parts[1] % parts[0][0] != 0)\n"
    )
    reference = {"function": "f", "calls": [{"arguments": [n]} for n in (1, 2, 3, 4)], "checker": checker}
    verdict = code.verify("```python\ndef f(n):\n    return 4\n```", reference, score="share")
    assert (verdict.status, verdict.score) == ("wrong", 0.75)
    assert verdict.reason == "Passes 3 of 4. Test 3 of 4: the checker rejects."
    assert (
        code.verify("```python\ndef f(n):\n    return None if n > 1 else n\n```", reference).status == "wrong"
    )


@pytest.mark.parametrize(
    "source", ["import sys\nsys.exit(3)", "print('x' * (1 << 21))", "import os\nos.abort()"]
)
def test_a_checker_that_fails_says_nothing_about_the_program(source):
    reference = {**TESTS, "checker": source}
    verdict = code.verify(TWICE, reference)
    assert (verdict.status, verdict.layer) == ("error", "checker")


def test_what_a_program_prints_cannot_pass_for_another_part():
    program = "print('4\\n2 2\\n1\\n2')"
    reference = {"tests": [{"stdin": "4\n", "stdout": "2"}], "checker": CHECKER}
    assert code.verify(f"```python\n{program}\n```", reference).status == "wrong"


def test_a_time_out_is_the_programs_own():
    program = "```python\ndef f(n):\n    while n > 2: pass\n    return 2 * n\n```"
    reference = {**CALLS, "limits": {"cpu_seconds": 0.3}}
    verdict = code.verify(program, reference)
    assert (verdict.status, verdict.layer) == ("wrong", "cpu")
    assert verdict.reason == "Test 2 of 3: over its limit of 0.3 s of processor time."


def test_threads_share_a_sandbox():
    def one(n):
        program = f"```python\ndef f(n):\n    return n * {1 + n % 2}\n```"
        return code.verify(program, CALLS).correct

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(60))) == [n % 2 == 1 for n in range(60)]


# --- Tests in the program's own language --------------------------------------------------------------------

PROGRAMS = {
    "cpp": (
        "int f(int x) { return 2 * x; }",
        "int main() { auto candidate = f; assert(candidate(2) == 4); return 0; }",
    ),
    "java": (
        "class Problem {\n    static int f(int x) { return 2 * x; }",
        "    public static void main(String[] args) { assert(f(2) == 4); }\n}",
    ),
    "javascript": (
        "function f(x) { return 2 * x; }",
        "const assert = require('node:assert');\nassert.deepEqual(f(2), 4);",
    ),
    "typescript": (
        "function f(x: number): number { return 2 * x; }",
        "declare var require: any;\nconst assert = require('node:assert');\nassert.deepEqual(f(2), 4);",
    ),
    "php": (
        "<?php\nfunction f($x) { return 2 * $x; }",
        "if (f(2) !== 4) { throw new Exception('Test failed!'); }",
    ),
    "bash": ("f() { echo $((2 * $1)); }", "run() {\n    [[ $(f 2) = 4 ]]\n}\nrun"),
    "csharp": (
        "class Problem {\n    static int f(int x) { return 2 * x; }",
        "    public static void Main(string[] args) { Debug.Assert(f(2) == 4); }\n}",
    ),
}
CHEATS = {
    "cpp": [
        "#include <cstdlib>\nint f(int x) { exit(0); }",
        "#include <cassert>\n#define assert(x)\nint f(int x) { return 0; }",
        "#define NDEBUG\nint f(int x) { return 0; }",
        "#include <unistd.h>\nint f(int x) { _exit(0); }",
        "#include <cstdio>\n#include <cstdlib>\nint f(int x) { puts(\"passed\"); quick_exit(0); }",
    ],
    "java": [
        "class Problem {\n    static int f(int x) { System.exit(0); return 0; }",
        "class Problem {\n    static { ClassLoader.getSystemClassLoader().setDefaultAssertionStatus(false); }\n"
        "    static int f(int x) { Runtime.getRuntime().halt(0); return 0; }",
    ],
    "javascript": [
        "function f(x) { process.exit(0); }",
        "require('assert').deepEqual = () => {};\nfunction f(x) { return 0; }",
        "require('assert').deepEqual = () => {};\nprocess.on('exit', () => { process.exitCode = 0; });\n"
        "process.on('uncaughtException', () => {});\nfunction f(x) { return 0; }",
        "console.log(require('fs').readFileSync(__filename, 'utf8'));\nfunction f(x) { process.exit(0); }",
    ],
    "typescript": ["declare var process: any;\nfunction f(x: number): number { process.exit(0); return 0; }"],
    "php": [
        "<?php\nfunction f($x) { exit(0); }",
        "<?php\nset_exception_handler(function ($e) { exit(0); });\nfunction f($x) { return 0; }",
        "<?php\nregister_shutdown_function(function () { echo \"passed\\n\"; exit(0); });\n"
        "function f($x) { return 0; }",
    ],
    "bash": [
        "f() { echo 0; }\ntrap 'exit 0' EXIT",
        "exit 0",
        "set() { :; }\nf() { echo 0; }\nexec 2>&1",
        "unset() { :; }\nprintf() { :; }\nset() { :; }\nshopt -s expand_aliases\nalias unset=: set=:\nf() { echo 0; }",
        "f() { kill -9 $$; }",
        "cat \"$0\"\nexit 0",
    ],
    "csharp": ["class Problem {\n    static int f(int x) { System.Environment.Exit(0); return 0; }"],
}  # fmt: skip
HERE = {tools.language for tools in toolchains() if tools.is_here}


def harness(language, program, way="outside"):
    """Tests that can be read as calls are judged outside; with a sum in them they cannot, and run inside."""
    tests = PROGRAMS[language][1]
    if way == "inside":
        tests = tests.replace("4", "$((2 + 2))" if language == "bash" else "2 + 2")
    verdict = code.verify(f"```{language}\n{program}\n```", {"language": language, "harness": tests})
    assert f"tests={way}" in verdict.policy
    return verdict


@pytest.mark.parametrize("way", ["outside", "inside"])
@pytest.mark.parametrize("language", PROGRAMS)
def test_tests_in_the_programs_language(language, way):
    if language not in HERE:
        pytest.skip(f"{language}: no toolchain")
    right, wrong = PROGRAMS[language][0], PROGRAMS[language][0].replace("2 *", "3 *")
    assert right != wrong
    assert harness(language, right, way).status == "correct", harness(language, right, way)
    assert harness(language, wrong, way).status == "wrong"


@pytest.mark.parametrize("way", ["outside", "inside"])
@pytest.mark.parametrize(
    ("language", "program"), [(lang, one) for lang, many in CHEATS.items() for one in many]
)
def test_leaving_early_is_no_pass(language, program, way):
    if language not in HERE:
        pytest.skip(f"{language}: no toolchain")
    verdict = harness(language, program, way)
    assert verdict.status == "wrong", verdict
    assert verdict.layer in (("run", "compile") if way == "inside" else ("run", "compile", "compare")), (
        verdict
    )


def test_a_missing_toolchain_is_no_failure_of_the_program():
    sandbox = Scripted(Execution("no_toolchain", "There is no mcs here: install Mono."))
    verdict = code.verify("```cs\nclass P { }\n```", {**TESTS, "language": "csharp"}, sandbox=sandbox)
    assert (verdict.status, verdict.layer) == ("error", "sandbox")


# --- Batches ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, 2])
def test_a_batch(workers):
    items = [
        Item("code", f"```python\ndef f(n):\n    return n * {1 + n % 2}\n```", CALLS if n % 3 else CHECK)
        for n in range(60)
    ]
    items[7] = Item("code", TWICE, {"tests": []})
    items[8] = Item("code", "```python\nimport os\ndef f(n):\n    os.kill(-1, 9)\n```", CALLS)
    verdicts = list(verify_batch(items, workers))
    statuses = [verdict.status for verdict in verdicts]
    expected = ["correct" if n % 2 else "wrong" for n in range(60)]
    assert statuses == [*expected[:7], "error", "wrong", *expected[9:]]


def is_soon(condition):
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def orphans_are_ours():
    """Orphans below this process become its children, so that none is missed."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    yield
    ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)


SLOW = "```python\nimport time\ndef f(n):\n    time.sleep(n / 50)\n    return 2 * n\n```"


@pytest.mark.usefixtures("orphans_are_ours")
def test_a_batch_that_ends_or_is_left_leaves_no_process():
    before = below(os.getpid())
    assert all(verdict.correct for verdict in verify_batch([Item("code", SLOW, CALLS)] * 20, 2))
    assert is_soon(lambda: below(os.getpid()) <= before)
    verdicts = verify_batch((Item("code", SLOW, CALLS) for _ in range(1000)), 2)
    assert next(verdicts).correct
    assert len(below(os.getpid()) - before) > 4
    verdicts.close()
    assert is_soon(lambda: below(os.getpid()) <= before)


@pytest.mark.usefixtures("orphans_are_ours")
def test_a_killed_worker_takes_its_sandbox_along_and_loses_no_verdict():
    before = below(os.getpid())
    verdicts, seen = verify_batch([Item("code", SLOW, CALLS)] * 40, 2), 0
    for verdict in verdicts:
        assert verdict.correct
        seen += 1
        if seen == 3:
            # Whichever of our threads started them.
            workers = {pid for pid, parent in parents_of_all().items() if parent == os.getpid()} - before
            os.kill(max(workers), signal.SIGKILL)
    assert seen == 40
    assert is_soon(lambda: below(os.getpid()) <= before)


@pytest.mark.usefixtures("orphans_are_ours")
def test_a_judging_process_that_is_killed_leaves_nothing():
    reference = {"function": "f", "calls": [{"arguments": [9_000], "result": 1}]}
    script = f"from verifiers import verify\nprint(1, flush=True)\nverify('code', {SLOW!r}, {reference!r})"
    before = below(os.getpid())
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        process.stdout.read(1)
        assert is_soon(lambda: len(below(process.pid)) >= 4)
        process.kill()
    assert is_soon(lambda: below(os.getpid()) <= before)


def test_a_fork_judges_in_a_sandbox_of_its_own():
    assert code.verify(TWICE, CALLS).correct
    child = os.fork()
    if child == 0:
        os._exit(0 if code.verify(TWICE, CALLS).correct else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert code.verify(TWICE, CALLS).correct


def test_a_short_lived_thread_may_be_the_first():
    with LocalSandbox(workers=1) as sandbox:
        for _ in range(3):
            found = []
            thread = threading.Thread(
                target=lambda found=found: found.append(code.verify(TWICE, CALLS, sandbox=sandbox))
            )
            thread.start()
            thread.join()
            assert found[0].correct


ADDS = {"function": "f", "calls": [{"arguments": [1], "result": 2}]}


@pytest.mark.parametrize(
    ("response", "how"),
    [
        ("```python\ndef f(x):\n    return x + 1\n```\nSo:\n```python\nassert f(1) == 3\n```", "fenced"),
        ("```python\nimport math\n```\n```python\ndef f(x):\n    return math.floor(x) + 1\n```", "joined"),
        ('def f(x):\n    """\n    ```\n    f(1)\n    ```\n    """\n    return x + 1\n', "whole"),
    ],
)
def test_the_program_is_what_the_tests_call(response, how):
    verdict = verify("code", response, ADDS)
    assert (verdict.status, verdict.policy) == ("correct", f"compare=value score=all code={how}")


def test_a_wrong_definition_behind_a_right_one_is_wrong():
    right, wrong = (f"```python\ndef f(x):\n    return x + {more}\n```\n" for more in (1, 2))
    assert verify("code", right + wrong, ADDS).status == "wrong"
    assert verify("code", wrong + right, ADDS).status == "correct"


def test_a_prompt_that_calls_the_program_says_what_it_must_define():
    reference = {
        "function": "each",
        "prompt": "def each(inputs):\n    return [f(x) for x in inputs]\n",
        "calls": [{"arguments": [[1, 2]], "result": [2, 3]}],
    }
    response = "```python\ndef f(x):\n    return x + 1\n```\n```python\nprint(each([1]))\nprint(f(1))\n```"
    assert verify("code", response, reference).status == "correct"


def test_a_text_may_be_the_program_itself():
    program = 'def f(x):\n    """<think>\n```python\nf(1)\n```\n"""\n    return x + 1\n'
    verdict = verify("code", program, ADDS, extract=False)
    assert (verdict.status, verdict.answer) == ("correct", program)
    assert verdict.policy.endswith("code=given")
    assert all(result.passed for result in code.check(program, ADDS, extract=False))
    assert verify("code", f"```python\n{program}```", ADDS, extract=False).status == "wrong"


PLUS = {
    "javascript": ("function f(x){\n", "  return x + 1;\n", "const assert = require('node:assert');\n"
                   "function test() { let candidate = f; assert.deepEqual(candidate(1),2); }\ntest();"),
    "bash": ("f() {\n", "  echo $(($1 + 1))\n", "candidate() {\n    f \"$@\"\n}\nset -e\nrun_test() {\n"
             "    [[ $(candidate \"1\") = \"2\" ]]\n}\nrun_test"),
}  # fmt: skip


@pytest.mark.parametrize("language", PLUS)
@pytest.mark.parametrize("end", ["", "}\n"])
def test_a_body_alone_goes_on_from_the_prompt(language, end):
    if not toolchain(language).is_here:
        pytest.skip(f"no toolchain for {language}")
    head, body, tests = PLUS[language]
    row = {"language": language, "prompt": head, "tests": "}\n" + tests}
    reference = {**code.from_multipl_e(row), "tools": None}
    example = {"javascript": "console.log(f(1));\n", "bash": "f 1\n"}[language]
    response = f"```{language}\n{body}{end}```\nFor example:\n```{language}\n{example}```"
    assert verify("code", response, reference).status == "correct"
    assert verify("code", body + end, reference, extract=False).status == "correct"
    assert verify("code", response.replace("+ 1", "+ 2"), reference).status == "wrong"

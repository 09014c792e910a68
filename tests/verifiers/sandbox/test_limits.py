"""Each limit: that it holds, that it is named, and that a program within it is left alone."""

import time

import pytest
from sandbox_cases import CASES
from sandbox_runs import SMALL, call, check, run, say

from verifiers.sandbox import Program, Stdin


@pytest.mark.parametrize(
    ("limit", "source", "limits"), [(limit, *case) for limit, cases in CASES.items() for case in cases]
)
def test_a_limit_that_strikes_is_named(sandbox, limit, source, limits):
    started = time.monotonic()
    execution = run(sandbox, source, **limits)
    assert (execution.outcome, execution.limit) == ("limit", limit), execution
    assert execution.exit_code is None
    assert execution.signal is None
    assert time.monotonic() - started < 8
    assert execution.reason.startswith(("More than", "Not done after"))


@pytest.mark.parametrize("source", [
    "import time\nwhile time.process_time() < 0.2: pass",
    "a = bytearray(1 << 27)\nfor i in range(0, len(a), 4096): a[i] = 1",
    "import os\nfor _ in range(10):\n    if os.fork() == 0: os._exit(0)\nfor _ in range(10): os.wait()",
    "a = [open('/dev/null') for _ in range(20)]",
    "print('x' * 60_000); import sys; print('y' * 60_000, file=sys.stderr)",
    "open('a', 'wb').write(bytes(3 << 20))",
    "def f(n): return n and f(n - 1)\nimport sys; sys.setrecursionlimit(20_000); f(15_000)",
])  # fmt: skip
def test_a_program_within_its_limits_is_left_alone(sandbox, source):
    execution = run(sandbox, source)
    assert execution.ok, execution


def test_a_program_that_copes_with_a_limit_is_left_alone(sandbox):
    source = """
import os
for action in (lambda: [open("/dev/null") for _ in range(99)], lambda: open("a", "wb").write(bytes(1 << 23)),
               lambda: [0] * 10**13):
    try:
        action()
    except (OSError, MemoryError):
        pass
"""
    assert run(sandbox, source).ok


def test_output_is_kept_up_to_the_limit(sandbox):
    execution = run(sandbox, "import sys; sys.stdout.write('x' * 100_000); sys.stderr.write('y' * 70_000)")
    assert execution.stdout == b"x" * (1 << 16)
    assert len(execution.stderr) <= 1 << 16


def test_limits_hold_for_calls_and_checks(sandbox):
    forever = "def f():\n    while True: pass"
    assert call(sandbox, forever, "f", cpu_seconds=0.3).limit == "cpu"
    assert check(sandbox, forever, "f()", cpu_seconds=0.3).limit == "cpu"
    assert call(sandbox, "def f(): return 'x' * (1 << 17)", "f").limit == "output"
    hoard = "def f():\n    a = bytearray(1 << 29)\n    for i in range(0, len(a), 4096): a[i] = 1"
    assert call(sandbox, hoard, "f").limit == "memory"
    assert check(sandbox, hoard, "f()").limit == "memory"
    assert check(sandbox, "def f(): pass", "while True: f()", cpu_seconds=0.5).limit == "cpu"


def test_a_failure_is_not_put_down_to_the_limit_that_an_earlier_run_met(sandbox):
    greedy = "import os\ntry:\n    for _ in range(99):\n        if os.fork() == 0: os._exit(0)\nexcept OSError: pass"
    source = f"if input() == 'greedy':\n    {greedy.replace(chr(10), chr(10) + '    ')}\nelse:\n    1 / 0"
    first, second = sandbox.run(Program(source), [Stdin(b"greedy"), Stdin(b"modest")], SMALL)
    assert first.ok
    assert (second.outcome, second.exit_code) == ("exited", 1)


@pytest.mark.parametrize("source", [
    "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "import os, sys\nwhile True:\n    try: os.fork() or os.setsid()\n"
    "    except OSError: os.execv(sys.executable, ['python', __file__])",
])  # fmt: skip
def test_a_fork_bomb_ends_with_its_limit_and_leaves_nothing(sandbox, source):
    execution = run(sandbox, source, wall_seconds=1, cpu_seconds=1)
    assert execution.outcome == "limit"
    assert run(sandbox, "import os; print(len([n for n in os.listdir('/proc') if n.isdigit()]))").ok


@pytest.mark.parametrize("source", [
    "import resource as r\nr.setrlimit(r.RLIMIT_STACK, (r.RLIM_INFINITY, r.RLIM_INFINITY))",
    "import resource as r\nr.setrlimit(r.RLIMIT_STACK, (1 << 28, -1))",
    "import resource as r\nr.setrlimit(r.RLIMIT_STACK, (r.getrlimit(r.RLIMIT_STACK)[1],) * 2)",
    "import threading\nthreading.stack_size(1 << 26)",
])  # fmt: skip
def test_a_program_may_ask_for_more_stack(sandbox, source):
    main = (
        "\nimport sys, threading\nsys.setrecursionlimit(1 << 25)\n"
        "def f(n): return n and 1 + f(n - 1)\ndef main(): print(f(50_000))\n"
        "t = threading.Thread(target=main)\nt.start()\nt.join()\nmain()"
    )
    assert say(sandbox, source + main).split() == ["50000", "50000"]


def test_notes_on_standard_error_cost_nothing_up_to_a_bound(sandbox):
    source = "import sys\nfor n in range(int(input())): print(n, 'x' * 990, file=sys.stderr)\nprint('done')"
    execution = run(sandbox, source, stdin=b"400\n")  # six times what standard output may have
    assert execution.ok, execution
    assert execution.stdout == b"done\n"
    assert len(execution.stderr) == SMALL.output_bytes
    assert execution.stderr.endswith(b"399 " + b"x" * 990 + b"\n")
    assert run(sandbox, source, stdin=b"1000\n").limit == "output"


DEEP = {
    "cpp": "#include <cstdio>\nint __attribute__((noinline)) f(int n) { volatile char a[80]; a[0] = 1;\n"
           "  return n == 0 ? 0 : f(n - 1) + a[0]; }\nint main() { printf(\"%d\\n\", f(1500000)); }",
    "java": "class Main { static int f(int n) { return n == 0 ? 0 : 1 + f(n - 1); }\n"
            "  public static void main(String[] a) { System.out.println(f(1500000)); } }",
}  # fmt: skip


@pytest.mark.parametrize("language", DEEP)
def test_deep_recursion_has_the_stack_that_judges_give(sandbox, language):
    execution = run(sandbox, DEEP[language], language=language, memory_bytes=1 << 29)
    if execution.outcome == "no_toolchain":
        pytest.skip(execution.reason)
    assert execution.stdout == b"1500000\n", execution


def test_recursion_without_end_is_a_failure_of_the_program(sandbox):
    source = "int f(int n) { volatile int a = n; return f(n + 1) + a; }\nint main() { return f(0); }"
    execution = run(sandbox, source, language="cpp")
    assert execution.outcome in ("signalled", "limit", "no_toolchain"), execution


def test_threads_of_a_program_with_a_large_stack_start(sandbox):
    source = (
        "#include <cstdio>\n#include <thread>\n#include <vector>\nint main() { std::vector<std::thread> all;\n"
        '  for (int i = 0; i < 8; i++) all.emplace_back([] { puts("x"); });\n  for (auto &one : all) one.join(); }'
    )
    execution = run(sandbox, source, language="cpp")
    assert execution.outcome == "no_toolchain" or execution.stdout == b"x\n" * 8, execution

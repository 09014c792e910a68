"""`repro sandbox serve` with real sandboxes: what the service says is what the local sandbox says."""

import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from service_process import Running, descendants, eventually

from verifiers.sandbox import Call, Check, Limits, LocalSandbox, Program, SandboxUnavailable, Stdin
from verifiers.sandbox.client import RemoteSandbox

LIMITS = Limits(cpu_seconds=1.0, wall_seconds=3.0, memory_bytes=1 << 27, output_bytes=10_000)
CPP = "#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a / b; }"

PROGRAMS = {
    "echo": (Program("print(input()[::-1])"), [Stdin(b"abc\n"), Stdin(b""), Stdin("é\n".encode())]),
    "bytes": (Program("import sys; sys.stdout.buffer.write(bytes(range(256)))"), [Stdin()]),
    "exit": (Program("import sys; sys.exit(int(input()))"), [Stdin(b"%d\n" % code) for code in (0, 3, 255)]),
    "signal": (Program("import os; os.kill(os.getpid(), 9)"), [Stdin()]),
    "time": (Program("while True: pass"), [Stdin()]),
    "output": (Program("while True: print('x' * 1000)"), [Stdin()]),
    "memory": (Program("x = bytearray(1 << 30)"), [Stdin()]),
    "syntax": (Program("print("), [Stdin()]),
    "files": (Program("print(open('a.txt').read())", files={"a.txt": "hello"}), [Stdin()]),
    "calls": (
        Program("def f(x): return [x, 1.5, None]"),
        [Call("f", "[1]"), Call("f", "[]"), Call("g", "[1]")],
    ),
    "checks": (
        Program("def add(a, b): return a + b"),
        [Check("add", "assert add(1, 2) == 3"), Check("add", "assert add(1, 2) == 4")],
    ),
    "cpp": (Program(CPP, "cpp"), [Stdin(b"6 3"), Stdin(b"1 0")]),
    "not cpp": (Program("int main() {", "cpp"), [Stdin(), Stdin()]),
    "bash": (Program("read a; echo $((a * 2))", "bash"), [Stdin(b"21\n")]),
}


@pytest.fixture(scope="module")
def local():
    try:
        sandbox = LocalSandbox(1)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def served(local):
    command = [
        sys.executable,
        "-m",
        "repro",
        "sandbox",
        "serve",
        "--port",
        "0",
        "--workers",
        "2",
        "--queue",
        "16",
    ]
    running = Running(command)
    running.idle = len(descendants(running.process.pid))
    yield running
    assert running.stop() == 0, running.other
    assert running.other == []


def lasting(executions):
    """Without what differs from one run to the next."""
    return [replace(one, cpu_seconds=0.0, wall_seconds=0.0, peak_memory_bytes=0) for one in executions]


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_executions_are_those_of_the_local_sandbox(served, local, name):
    program, inputs = PROGRAMS[name]
    with RemoteSandbox(served.url) as remote:
        there = list(remote.run(program, inputs, LIMITS))
    assert lasting(there) == lasting(local.run(program, inputs, LIMITS))
    assert all(execution.layers for execution in there if execution.outcome == "exited")


@settings(max_examples=25)
@given(
    data=st.lists(st.binary(max_size=200), max_size=4),
    ends=st.sampled_from(["", "sys.exit(7)", "raise ValueError(data[:1])", "print('late', file=sys.stderr)"]),
)
def test_any_input_gives_the_same_in_both(served, local, data, ends):
    source = f"import sys\ndata = sys.stdin.buffer.read()\nsys.stdout.buffer.write(data[::-1])\n{ends}"
    program, inputs = Program(source), [Stdin(one) for one in data]
    with RemoteSandbox(served.url) as remote:
        assert lasting(remote.run(program, inputs, LIMITS)) == lasting(local.run(program, inputs, LIMITS))


@pytest.mark.parametrize(
    ("program", "one", "limits"),
    [
        (Program("", files={"../a": ""}), Stdin(), LIMITS),
        (Program("", files={"/a": ""}), Stdin(), LIMITS),
        (Program("", "cpp"), Call("f", "[]"), LIMITS),
        (Program(""), "a", LIMITS),
        (Program(""), Stdin(), replace(LIMITS, cpu_seconds=-1.0)),
    ],
)
def test_a_caller_s_mistake_is_one_in_both(served, local, program, one, limits):
    with pytest.raises(ValueError, match=r"\.$"):
        list(local.run(program, [one], limits))
    with RemoteSandbox(served.url) as remote, pytest.raises(ValueError, match=r"\.$"):
        list(remote.run(program, [one], limits))


def test_health_has_the_protections_and_the_languages(served, local):
    told = served.health()
    active = {one["layer"] for one in told["protections"] if one["active"]}
    assert active == set(local.protections.active)
    assert {one["language"] for one in told["toolchains"] if one["here"]} >= {"python"}


def test_two_hundred_small_requests_at_once(served):
    program = Program("print(int(input()) ** 2)")
    with RemoteSandbox(served.url) as remote, ThreadPoolExecutor(200) as threads:

        def one(number):
            (execution,) = remote.run(program, [Stdin(b"%d\n" % number)], LIMITS)
            return execution.stdout

        assert list(threads.map(one, range(200))) == [b"%d\n" % number**2 for number in range(200)]


@pytest.mark.parametrize(
    "source",
    ["import time; time.sleep(1000)", "import os, time\nfor _ in range(4): os.fork()\ntime.sleep(1000)"],
)
def test_a_client_that_leaves_takes_its_program_along(served, source):
    long = Limits(cpu_seconds=60.0, wall_seconds=120.0)
    for _ in range(4):  # twice as often as there are workers
        with RemoteSandbox(served.url) as remote:
            connection = served.ask(
                {
                    "program": {"source": source},
                    "inputs": [{"stdin": ""}],
                    "limits": {"cpu_seconds": 60, "wall_seconds": 120},
                }
            )
            assert eventually(lambda: served.health()["running"] == 1)
            time.sleep(0.2)
            connection.close()
            assert eventually(lambda: served.health()["running"] == 0, 5)
            assert lasting(remote.run(Program("print(1)"), [Stdin()], long))[0].stdout == b"1\n"
    assert eventually(lambda: len(descendants(served.process.pid)) <= served.idle)


def test_a_stop_leaves_nothing_behind(local):
    running = Running([sys.executable, "-m", "repro", "sandbox", "serve", "--port", "0", "--workers", "1"])
    inside = descendants(running.process.pid)
    assert inside
    with RemoteSandbox(running.url) as remote:
        executions = remote.run(Program("import time\nwhile True: time.sleep(1)"), [Stdin()], LIMITS)
        with ThreadPoolExecutor(1) as thread:
            last = thread.submit(list, executions)
            assert eventually(lambda: running.health()["running"] == 1)
            assert running.stop(signal.SIGTERM) == 0
            assert [execution.limit for execution in last.result()] == ["wall"]


def test_a_kill_leaves_nothing_behind(local):
    running = Running([sys.executable, "-m", "repro", "sandbox", "serve", "--port", "0", "--workers", "1"])
    assert descendants(running.process.pid)
    assert running.stop(signal.SIGKILL) == -signal.SIGKILL

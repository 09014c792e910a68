"""What happens when something goes wrong around a run; and that nothing is left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from sandbox_processes import descendants, folders, groups, mounts, servers, wait_until
from sandbox_runs import SMALL, run, say

from verifiers.sandbox import (
    LocalSandbox,
    Program,
    SandboxUnavailable,
    Stdin,
    bubblewrap,
    protections,
    shared,
)
from verifiers.sandbox.detect import NEEDED

SLEEP = "import time; time.sleep(0.5); print(input())"


@pytest.fixture
def own(sandbox):
    """A sandbox for this test alone."""
    with LocalSandbox(workers=2) as made:
        yield made


def kill_server_in(seconds: float, others: list[int]) -> threading.Thread:
    def kill() -> None:
        time.sleep(seconds)
        for process in servers(os.getpid()):
            if process not in others:
                os.kill(process, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


# --- Faults -------------------------------------------------------------------------------------------------


def test_a_killed_server_costs_no_result(sandbox):
    others = servers(os.getpid())
    with LocalSandbox(workers=1) as own:
        killer = kill_server_in(0.2, others)
        inputs = [Stdin(b"%d" % number) for number in range(3)]
        executions = list(own.run(Program(SLEEP), inputs, SMALL))
        killer.join()
    assert [execution.stdout for execution in executions] == [b"0\n", b"1\n", b"2\n"]


def test_servers_that_are_always_killed_give_a_status(sandbox):
    others = servers(os.getpid())
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.05):
            for process in servers(os.getpid()):
                if process not in others:
                    os.kill(process, signal.SIGKILL)

    with LocalSandbox(workers=1) as own:
        killer = threading.Thread(target=kill)
        killer.start()
        [execution] = own.run(Program(SLEEP), [Stdin()], SMALL)
        stop.set()
        killer.join()
        assert (execution.outcome, execution.ok) == ("failed", False)
        assert execution.reason.startswith("The sandbox failed twice: ")
        assert say(own, "print('well again')") == "well again"


def test_closing_ends_what_runs(own):
    threading.Timer(0.3, own.close).start()
    started = time.monotonic()
    [execution] = own.run(Program("import time; time.sleep(9)"), [Stdin()], SMALL)
    assert execution.outcome == "failed"
    assert time.monotonic() - started < 5
    assert run(own, "print(1)").outcome == "failed"


def test_an_interrupted_run_leaves_no_answer_to_the_next(own):
    class Stop(Exception):
        pass

    def stop(*_: object) -> None:
        raise Stop

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Stop):
            run(own, "import time; time.sleep(0.5); print('late')")
    finally:
        signal.signal(signal.SIGALRM, before)
    for number in range(3):
        assert say(own, f"print({number})") == str(number)


def test_a_program_that_cannot_be_confined_is_not_run(sandbox):
    execution = run(sandbox, "print('ran')", open_files=1 << 40)
    assert execution.outcome == "failed"
    assert execution.stdout == b""


# --- Callers ------------------------------------------------------------------------------------------------


def test_many_threads_get_their_own_results(own):
    found = {}

    def work(number: int) -> None:
        inputs = [Stdin(b"%d %d" % (number, step)) for step in range(10)]
        executions = own.run(Program(f"print({number}, *input().split())"), inputs, SMALL)
        found[number] = [execution.stdout.split() for execution in executions]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: [[b"%d" % n, b"%d" % n, b"%d" % step] for step in range(10)] for n in range(8)}


def test_servers_outlive_the_thread_that_started_them(sandbox):
    others, made = servers(os.getpid()), []
    thread = threading.Thread(target=lambda: made.append(LocalSandbox(workers=1)))
    thread.start()
    thread.join()
    [own] = made
    with own:
        assert wait_until(lambda: len(servers(os.getpid())) == len(others) + 2)  # bubblewrap and the server
        before = servers(os.getpid())
        assert say(own, "print(1)") == "1"
        assert wait_until(lambda: servers(os.getpid()) == before)


def test_no_more_run_at_once_than_there_are_workers(sandbox):
    source = "import time; print(time.time()); time.sleep(0.2); print(time.time())"
    spans = []
    with LocalSandbox(workers=1) as own:
        threads = [threading.Thread(target=lambda: spans.append(say(own, source))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times = sorted(tuple(map(float, span.split())) for span in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(times))


def test_an_event_loop_runs_many(own):
    async def main() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(say, own, f"print({n})") for n in range(6)))

    assert asyncio.run(main()) == [str(n) for n in range(6)]


def test_a_fork_of_the_caller_has_servers_of_its_own(own):
    assert say(own, "print(1)") == "1"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            assert say(own, "print(2)") == "2"
            own.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert say(own, "print(3)") == "3"


def test_the_shared_sandbox_is_one_per_process(sandbox):
    assert shared() is shared()
    assert say(shared(), "print(1)") == "1"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if say(shared(), "print(2)") == "2" else 2
            shared().close()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    shared().close()


# --- What is left -------------------------------------------------------------------------------------------

SCRIPT = """
import sys, threading
from verifiers.sandbox import Limits, Program, Stdin, shared
sandbox = shared()
source = "import os, time; os.fork() or os.setsid(); open('a', 'w').write('a'); time.sleep({})"
list(sandbox.run(Program("print(1)"), [Stdin()], Limits()))
for _ in range(2):
    threading.Thread(target=lambda: list(sandbox.run(Program(source.format(sys.argv[1])), [Stdin()], Limits())),
                     daemon=True).start()
print("running", flush=True)
if sys.argv[1] != "0":
    threading.Event().wait(30)
"""


def script(argument: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, argument], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_nothing_is_left_at_the_end_of_a_process(sandbox):
    before = mounts()
    with script("0") as process:
        assert process.stdout.readline() == "running\n"
        started = descendants(process.pid)
    assert process.returncode == 0
    assert wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in started), 2)
    assert groups(process.pid) == []
    assert mounts() == before


def test_nothing_is_left_when_a_process_is_killed_and_the_next_has_started(sandbox, monkeypatch):
    before = mounts()
    with script("30") as process:
        assert process.stdout.readline() == "running\n"
        assert wait_until(lambda: len(servers(process.pid)) >= 8)  # with two programs, and forks of theirs
        started = descendants(process.pid)
        grouped = {"cgroup_memory", "cgroup_pids"} & set(sandbox.protections.active)
        assert bool(groups(process.pid)) is bool(grouped)
        process.kill()
    assert wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in started))
    assert mounts() == before
    monkeypatch.setattr("verifiers.sandbox.cgroups._SURELY_LOCKED_SECONDS", 0.2)
    assert wait_until(lambda: LocalSandbox(workers=1).close() or not groups(process.pid))


def test_closing_leaves_nothing(sandbox):
    before, others = mounts(), set(descendants(os.getpid()))
    files = len(list(Path("/proc/self/fd").iterdir()))
    own = LocalSandbox(workers=2)
    left_open = own.run(Program("print(1)"), [Stdin()] * 2, SMALL)
    next(left_open)
    mine = {str(group) for group in groups(os.getpid())}
    own.close()
    left_open.close()
    assert set(descendants(os.getpid())) <= others
    assert len(mine & {str(group) for group in groups(os.getpid())}) < len(mine) or not mine
    assert mounts() == before
    assert len(list(Path("/proc/self/fd").iterdir())) <= files


# --- Missing protections ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "reason"),
    [(None, "bubblewrap is not installed"), ("/bin/false", "bubblewrap fails with --unshare-user")],
)
def test_without_bubblewrap_it_refuses_and_says_why(monkeypatch, found, reason):
    monkeypatch.setattr(bubblewrap, "find", lambda: found)
    with pytest.raises(SandboxUnavailable, match="for want of user_namespace, mount_namespace") as refused:
        LocalSandbox()
    assert reason in str(refused.value)
    assert str(refused.value).endswith(".")
    assert protections().refusal is not None


def test_told_to_be_unsafe_it_runs_with_what_there_is(sandbox, monkeypatch):
    monkeypatch.setattr(bubblewrap, "find", lambda: None)
    with LocalSandbox(workers=1, unsafe=True) as own:
        assert "rlimits" in own.protections.active
        assert not {"mount_namespace", "network_namespace"} & set(own.protections.active)
        assert say(own, "import os; print(os.listdir('.'))") == "['main.py']"
        assert (
            run(own, "import os\nif os.fork() == 0: os.setsid()\nwhile True: pass", cpu_seconds=0.3).limit
            == "cpu"
        )
        execution = run(own, "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(99)")
        assert execution.ok
        assert execution.layers == own.protections.active
        [built] = own.run(Program('#include <cstdio>\nint main() { puts("x"); }', "cpp"), [Stdin()], SMALL)
        assert built.outcome in ("exited", "no_toolchain")
        assert len(folders()) == 1
        assert len(servers(os.getpid())) <= 2 + 2  # with those of the other sandbox
    assert folders() == []


def test_every_layer_is_accounted_for(sandbox):
    found = sandbox.protections
    assert [layer.layer for layer in found.layers if layer.needed] == [
        x for x in NEEDED if x != "rlimits"
    ] + ["rlimits"]
    assert all(layer.active or layer.reason for layer in found.layers)
    assert run(sandbox, "1").layers == found.active

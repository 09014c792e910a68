"""The process that watches a program is out of its reach; and where it ends all the same, whose doing that is."""

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sandbox_cases import KEEPER_ATTACKS
from sandbox_processes import servers
from sandbox_runs import SMALL, run, say

from verifiers.sandbox import Call, Check, Limits, LocalSandbox, Program, Stdin, cgroups, session

LIMITS = replace(SMALL, cpu_seconds=1, wall_seconds=2)
INPUTS = {"script": Stdin(b"1\n"), "call": Call("f", "[]"), "check": Check("f", "assert f() == 'never'")}


def indented(source: str) -> str:
    lines = "\n".join(f"    {line}" for line in source.splitlines())
    return f"def f():\n{lines}\n"


@pytest.fixture(scope="module")
def without_groups(sandbox):
    """A sandbox on a machine where cgroups cannot be made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cgroups, "group", lambda controller: f"no {controller} controller")
        with LocalSandbox(workers=1) as made:
            assert not made._free[0].groups
            yield made


@pytest.mark.parametrize("name", KEEPER_ATTACKS)
@pytest.mark.parametrize("way", INPUTS)
def test_a_program_that_aims_at_its_keeper_ends_for_itself(sandbox, without_groups, name, way):
    source = KEEPER_ATTACKS[name]
    for place in (sandbox, without_groups):
        program = Program(source if way == "script" else indented(source))
        [execution] = place.run(program, [INPUTS[way]], LIMITS)
        assert execution.outcome in ("exited", "signalled", "limit"), execution
        if way == "check":
            assert not execution.ok
        assert say(place, "print('on')") == "on"


def test_what_is_named_of_memory_is_memory(sandbox):
    if "cgroup_memory" not in sandbox.protections.active:
        pytest.skip("memory is bounded for each process here")
    for name in ("memory of many", "memory that outlives", "memory of files", "memory of sockets"):
        execution = run(sandbox, KEEPER_ATTACKS[name], memory_bytes=1 << 26)
        assert execution.limit == "memory", (name, execution)


# --- A keeper that ends or does not answer ------------------------------------------------------------------


def at_each_keeper(act: Callable[[int], object], times: int, others: list[int]) -> threading.Thread:
    """A thread that does something to the next `times` keepers of this process, soon after they have started."""

    def watch() -> None:
        done: set[int] = set()
        deadline = time.monotonic() + 30
        while len(done) < times and time.monotonic() < deadline:
            ours = [process for process in servers(os.getpid()) if process not in others]
            # Bubblewrap, its server, the keeper, the program.
            if len(ours) == 4 and ours[2] not in done:
                time.sleep(0.1)
                done.add(ours[2])
                act(ours[2])
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_a_keeper_that_ends_once_costs_no_result(sandbox):
    others = servers(os.getpid())
    with LocalSandbox(workers=1) as own:
        killer = at_each_keeper(lambda process: os.kill(process, signal.SIGKILL), 1, others)
        assert say(own, "import time; time.sleep(0.5); print('done')") == "done"
        killer.join()


def test_a_program_whose_keeper_ends_alone_and_again_is_not_excused(sandbox):
    others = servers(os.getpid())
    with LocalSandbox(workers=1) as own:
        killer = at_each_keeper(lambda process: os.kill(process, signal.SIGKILL), 2, others)
        execution = run(own, "import time; time.sleep(5)")
        killer.join()
        assert (execution.outcome, execution.signal) == ("signalled", signal.SIGKILL), execution
        assert "keeper" in execution.reason
        assert say(own, "print('well again')") == "well again"


def test_a_program_whose_keeper_gives_no_answer_twice_took_too_long(sandbox, monkeypatch):
    monkeypatch.setattr(session, "_GRACE_SECONDS", 0.5)
    others = servers(os.getpid())
    with LocalSandbox(workers=1) as own:
        stopper = at_each_keeper(lambda process: os.kill(process, signal.SIGSTOP), 2, others)
        execution = run(own, "import time; time.sleep(5)", wall_seconds=0.5)
        stopper.join()
        assert execution.limit == "wall", execution
        assert say(own, "print('well again')") == "well again"


# --- What the keeper holds is not the program's -------------------------------------------------------------

COUNT = "import sys\nn = 0\nwhile part := sys.stdin.buffer.read(1 << 16): n += len(part)\nprint(n)"


@pytest.mark.parametrize(("size", "memory"), [(20_000_000, 1 << 25), (200_000_000, Limits().memory_bytes)])
def test_a_long_input_leaves_the_program_its_memory(sandbox, without_groups, size, memory):
    for place in (sandbox, without_groups):
        limits = {"memory_bytes": memory, "cpu_seconds": 20, "wall_seconds": 60}
        assert say(place, COUNT, stdin=bytes(size), **limits) == str(size)


def test_an_input_that_the_program_keeps_is_the_programs(sandbox):
    source = "import sys\ndata = sys.stdin.buffer.read()\nmore = [bytearray(data) for _ in range(3)]"
    assert run(sandbox, source, stdin=bytes(20_000_000), memory_bytes=1 << 25).limit == "memory"


def test_long_arguments_leave_the_program_its_memory(sandbox):
    arguments = '["' + "x" * 4_000_000 + '"]'
    [execution] = sandbox.run(
        Program("def f(a): return len(a)"), [Call("f", arguments)], replace(SMALL, memory_bytes=1 << 25)
    )
    assert execution.value == "4000000", execution


def test_much_output_leaves_the_program_its_memory(sandbox):
    source = "import sys\nfor _ in range(150): sys.stdout.write('x' * 100_000)"
    execution = run(sandbox, source, memory_bytes=1 << 25, output_bytes=1 << 24)
    assert execution.ok, execution
    assert len(execution.stdout) == 15_000_000

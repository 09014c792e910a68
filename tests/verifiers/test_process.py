"""Child processes: limits, deaths, and nothing left behind or changed in the caller."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from verifiers_groups import is_gone

from verifiers.process import Child, ChildDied, ChildTimeout, Limits, Pool

AMPLE = Limits(processor=60.0, wall=300.0)
HERE = str(Path(__file__).parent)


@pytest.fixture(params=["verifiers_children", "verifiers_forking_children"])
def pool(request):
    """One child that serves itself, or from forks."""
    pool = Pool(request.param, 1)
    yield pool
    pool.close()


def script(text):
    """The output of a script that can import the children of these tests."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {HERE!r})\n{text}"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.split()


def test_answers_and_large_messages_pass(pool):
    assert pool.ask("echo", AMPLE) == "echo"
    assert pool.ask("x" * 5_000_000, AMPLE) == "x" * 5_000_000
    assert pool.ask("print", AMPLE) == "print"


def test_an_idle_child_tidies_up_before_it_ends(tmp_path):
    pool = Pool("verifiers_children", 1)
    pool.ask(tmp_path / "tidy", AMPLE)
    pool.close()
    assert (tmp_path / "tidy").exists()


def test_a_child_that_waits_is_killed_by_the_clock(pool):
    assert pool.ask("echo", AMPLE) == "echo"
    with pytest.raises(ChildTimeout):
        pool.ask("sleep", Limits(60.0, 0.3))  # it would sleep for an hour
    assert pool.ask("echo", AMPLE) == "echo"


@pytest.mark.parametrize("question", ["spin", "regex", "power"])
def test_a_child_that_works_too_long_is_killed_by_the_kernel(pool, question):
    with pytest.raises(ChildTimeout):
        pool.ask(question, Limits(0.2, 300.0))
    assert pool.ask("echo", AMPLE) == "echo"


def test_a_fork_that_ran_out_of_time_is_replaced_without_a_new_start():
    pool = Pool("verifiers_forking_children", 1)
    (first, its_parent), = [pool.ask("processes", AMPLE)]  # fmt: skip
    with pytest.raises(ChildTimeout):
        pool.ask("spin", Limits(0.1, 300.0))
    second, same_parent = pool.ask("processes", AMPLE)
    assert its_parent == same_parent
    assert first != second
    pool.close()
    assert is_gone(its_parent)


def test_a_fork_is_replaced_before_its_memory_fills():
    pool = Pool("verifiers_forking_children", 1)
    served = {pool.ask("processes", AMPLE) for _ in range(450)}
    assert len({parent for _, parent in served}) == 1
    assert len({fork for fork, _ in served}) == 3
    pool.close()


def test_limits_count_for_each_answer(pool):
    questions = [pickle.dumps(question) for question in ("a", "busy", "busy", "busy", "b")]
    with pool.child() as child:
        assert list(child.ask_each(questions, Limits(0.4, 300.0))) == ["a", "busy", "busy", "busy", "b"]
    with pool.child() as child:
        answers = child.ask_each([questions[0], pickle.dumps("spin")], Limits(0.2, 300.0))
        assert next(answers) == "a"
        with pytest.raises(ChildTimeout):
            next(answers)


def test_a_child_that_does_not_read_is_killed():
    child = Child("verifiers_children")
    assert child.ask("echo", AMPLE) == "echo"
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(ChildTimeout):
        child.ask("x" * 10_000_000, Limits(60.0, 0.3))
    assert is_gone(child.pid)


def test_a_child_that_dies_says_how(pool):
    with pytest.raises(ChildDied, match="signal 9"):
        pool.ask("die", AMPLE)
    with pytest.raises(ChildDied, match="code 3"):
        pool.ask("exit", AMPLE)
    assert pool.ask("echo", AMPLE) == "echo"


def test_a_child_that_cannot_start_says_so(monkeypatch):
    with pytest.raises(ChildDied, match="ended with code 1"):
        Child("there_is_no_such_module").ask("echo", AMPLE)
    with pytest.raises(ChildDied, match=r"^The kettle is missing\.$"):
        Child("verifiers_refusing_children").ask("echo", AMPLE)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with pytest.raises(ChildDied, match="cannot be started"):
        Child("verifiers_children")


def test_closing_a_pool_ends_busy_children_too():
    pool, said = Pool("verifiers_forking_children", 1), []

    def ask():
        try:
            pool.ask("sleep", AMPLE)
        except ChildDied as error:
            said.append(str(error))

    _, parent = pool.ask("processes", AMPLE)
    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.2)
    pool.close()
    thread.join(60)
    assert len(said) == 1
    assert is_gone(parent)
    with pytest.raises(ChildDied, match="stopped"):
        pool.ask("echo", AMPLE)


@pytest.mark.parametrize("end", ["sys.exit()", "os._exit(0)", "os.kill(os.getpid(), 9)"])
@pytest.mark.parametrize("module", ["verifiers_children", "verifiers_forking_children"])
def test_children_end_with_their_parent_even_if_a_process_forked_from_it_lives_on(end, module):
    """The forked process holds copies of the sockets; the children must not wait for those to close."""
    pid, sleeper = script(
        "import os, time\n"
        "from verifiers.process import Child, Limits\n"
        f"child = Child({module!r})\n"
        "assert child.ask('echo', Limits(60, 300)) == 'echo'\n"
        "sleeper = os.fork()\n"
        "if sleeper == 0:\n"
        "    for descriptor in (1, 2): os.close(descriptor)\n"
        "    time.sleep(120)\n"
        "    os._exit(0)\n"
        "print(child.pid, sleeper, flush=True)\n"
        f"{end}\n"
    )
    try:
        assert is_gone(int(pid))
    finally:
        os.kill(int(sleeper), signal.SIGKILL)


def test_a_busy_child_ends_after_its_parent():
    (pid,) = script(
        "import os, threading, time\n"
        "from verifiers.process import Child, Limits\n"
        "child = Child('verifiers_forking_children')\n"
        "child.ask('echo', Limits(60, 300))\n"
        "threading.Thread(target=child.ask, args=('sleep', Limits(60, 300)), daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert is_gone(int(pid))


def test_what_the_caller_does_with_signals_does_not_matter():
    """Ignored and blocked signals are inherited by children; SIGPROF must end them all the same."""
    assert script(
        "import signal\n"
        "signal.signal(signal.SIGPROF, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
        "from verifiers.process import ChildTimeout, Limits, Pool\n"
        "pool = Pool('verifiers_forking_children', 1)\n"
        "for question in ('echo', 'spin', 'echo', 'spin', 'echo'):\n"
        "    try: print(pool.ask(question, Limits(0.2, 300.0)))\n"
        "    except ChildTimeout: print('timeout')\n"
    ) == ["echo", "timeout", "echo", "timeout", "echo"]  # fmt: skip


def test_an_exception_from_a_signal_handler_costs_one_child(pool):
    """As a caller's own time-out does, or Ctrl-C."""

    def interrupt(number, frame):
        raise InterruptedError

    assert pool.ask("echo", AMPLE) == "echo"
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(InterruptedError):
            pool.ask("sleep", AMPLE)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert pool.ask("echo", AMPLE) == "echo"

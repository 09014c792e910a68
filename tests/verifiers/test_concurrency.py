"""The same verdicts idle, under load, in threads, in asyncio, in other processes and in Ray."""

import asyncio
import importlib.util
import multiprocessing
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import verifiers_pairs
from verifiers_groups import is_gone
from verifiers_pairs import PAIRS, verdict_on, verdicts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def idle():
    """The verdicts of this process on its own; they reach every layer."""
    found = verdicts()
    assert [status for status, *_ in found] == [status for _, _, status in PAIRS]
    assert {"exact", "rational", "structure", "numeric", "symbolic", "latex"} <= {found[1] for found in found}
    return found


def test_verdicts_are_the_same_again(idle):
    assert verdicts() == idle


def test_under_load(idle):
    busy = "while True: pass"
    load = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(3 * (os.cpu_count() or 1))]
    try:
        assert verdicts() == idle
    finally:
        for process in load:
            process.kill()
            process.wait()


def test_in_threads(idle):
    """More of them than there are symbolic workers, each starting at another pair."""
    with ThreadPoolExecutor(8) as threads:
        for start, found in enumerate(threads.map(from_place, range(8))):
            assert found == idle[start:] + idle[:start]


def from_place(start):
    return [verdict_on(*pair[:2]) for pair in PAIRS[start:] + PAIRS[:start]]


def test_in_a_running_event_loop(idle):
    async def judge():
        return verdicts()

    assert asyncio.run(judge()) == idle


def test_in_asyncio_threads_the_loop_goes_on(idle):
    async def judge():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        ticking = asyncio.create_task(tick())
        found = await asyncio.gather(*(asyncio.to_thread(verdict_on, *pair[:2]) for pair in PAIRS))
        ticking.cancel()
        return found, ticks

    found, ticks = asyncio.run(judge())
    assert found == idle
    assert ticks > 1


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_in_multiprocessing(idle, method):
    """A pool's processes are daemons, which may have no multiprocessing children of their own."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(verifiers_pairs.verdicts_and_daemon, [0, 1]) == [(idle, True)] * 2
        assert pool.apply(verifiers_pairs.verdicts_of_batch, [2]) == idle
    assert verdicts() == idle


def test_in_a_fork_while_threads_ask(idle):
    """The fork may happen while another thread holds the pool's lock or a worker."""
    stop, found = threading.Event(), []

    def ask():
        while not stop.is_set():
            found.append(verdict_on(*PAIRS[-1][:2]))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        for _ in range(5):
            child = os.fork()
            if child == 0:
                os._exit(0 if verdict_on(*PAIRS[-1][:2]) == idle[-1] else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        stop.set()
        thread.join()
    assert set(found) == {idle[-1]}


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed")
def test_in_ray(idle, monkeypatch):
    """In tasks, in an actor, and in an actor's threads and event loop."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")  # it would write a token to the home folder
    import ray

    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": paths}})  # fmt: skip
    try:
        task = ray.remote(verifiers_pairs.verdicts)
        assert ray.get([task.remote() for _ in range(3)]) == [idle] * 3
        batch = ray.remote(verifiers_pairs.verdicts_of_batch)
        assert ray.get(batch.remote(2)) == idle
        judge = ray.remote(verifiers_pairs.Judge).options(max_concurrency=4).remote()
        assert ray.get([judge.judge.remote() for _ in range(4)]) == [idle] * 4
        loop = ray.remote(verifiers_pairs.AsyncJudge).remote()
        assert ray.get([loop.judge.remote() for _ in range(2)]) == [idle] * 2
    finally:
        ray.shutdown()


CALLER = """
import signal, sys, threading, time
sys.path.insert(0, {here!r})
beats = []
signal.signal(signal.SIGALRM, lambda *_: beats.append(time.monotonic()))
signal.signal(signal.SIGPROF, lambda *_: beats.append(None))
reaped = []
signal.signal(signal.SIGCHLD, lambda *_: reaped.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
signal.setitimer(signal.ITIMER_PROF, 500.0, 7.0)
before = [signal.getsignal(number) for number in signal.valid_signals()]
import verifiers_pairs
here = verifiers_pairs.verdicts()
there = []
thread = threading.Thread(target=lambda: there.append(verifiers_pairs.verdicts()))
thread.start()
thread.join()
assert verifiers_pairs.verdicts_of_batch(2) == there[0] == here
assert [status for status, *_ in here] == [status for _, _, status in verifiers_pairs.PAIRS]
assert [signal.getsignal(number) for number in signal.valid_signals()] == before
assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
left, interval = signal.getitimer(signal.ITIMER_PROF)
assert 0 < left < 500.0 and abs(interval - 7.0) < 0.1, (left, interval)
assert signal.getitimer(signal.ITIMER_REAL)[1] > 0
assert len(beats) > 2 and None not in beats
signal.setitimer(signal.ITIMER_REAL, 0)  # the interpreter restores the default action when it ends
"""


def test_handlers_and_timers_of_the_caller_are_untouched():
    """With a timer that interrupts every system call."""
    script = CALLER.format(here=str(Path(__file__).parent))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)"])
def test_no_process_is_left_behind(end):
    script = (
        f"import os, sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import verifiers_pairs\n"
        "from verifiers.process import Child\n"
        "start, pids = Child.__init__, []\n"
        "def remember(self, module):\n"
        "    start(self, module)\n"
        "    pids.append(self.pid)\n"
        "Child.__init__ = remember\n"
        "verifiers_pairs.verdicts()\n"
        "batch = verifiers_pairs.batch(2)\n"
        "next(batch)\n"
        "print(*pids, flush=True)\n"
        f"{end}\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) >= 2, done.stderr
    assert all(is_gone(pid, seconds=60.0) for pid in pids)
    assert done.stderr == ""

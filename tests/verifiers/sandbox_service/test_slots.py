"""The slots of a service, without its HTTP: one sandbox for each, replaced where it was closed to end a program."""

import threading
import time

import pytest
from fake_sandbox import FakeSandbox
from service_process import eventually

from verifiers.sandbox import Execution, Limits, Program, SandboxUnavailable, Stdin
from verifiers.sandbox.service_slots import Job, Slots
from verifiers.sandbox.wire import Problem, Request, reply_from_json


class Ended(Job):
    """A job that can be waited for."""

    def __init__(self, source, *texts, buffer_bytes=1 << 20, stall_seconds=0.0):
        self.over = threading.Event()
        inputs = tuple(Stdin(text.encode()) for text in texts)
        request = Request(Program(source), inputs, Limits())
        super().__init__(request, buffer_bytes, stall_seconds, lambda: self.end and self.over.set())

    def executions(self):
        return [reply_from_json(line) for line in self.take().splitlines()]


@pytest.fixture
def slots():
    made = Slots(FakeSandbox, 2)
    made.start()
    yield made
    made.close()


def test_jobs_run_side_by_side_and_the_others_wait(slots):
    jobs = [Ended("sleep 0.5", "a") for _ in range(3)]
    for job in jobs:
        slots.submit(job)
    assert eventually(lambda: (slots.running, slots.queued) == (2, 1))
    for job in jobs:
        assert job.over.wait(10)
        assert (job.end, job.problem, [one.stdout for one in job.executions()]) == ("done", None, [b"a"])
    assert jobs[2].started > jobs[0].started + 0.2


def test_a_job_that_is_killed_costs_its_own_sandbox_only(slots):
    victim, bystander = Ended("sleep 100", "a"), Ended("sleep 0.5", "b")
    slots.submit(victim)
    slots.submit(bystander)
    assert eventually(lambda: slots.running == 2)
    slots.stop(victim, "client left")
    slots.kill(victim)
    assert bystander.over.wait(10)
    assert [one.outcome for one in bystander.executions()] == ["exited"]
    assert (victim.end, victim.executions()) == ("client left", [])
    after = [Ended("echo", "c") for _ in range(4)]
    for job in after:
        slots.submit(job)
        assert job.over.wait(10)
        assert [one.outcome for one in job.executions()] == ["exited"]
    slots.kill(victim)  # ended long ago: no harm
    assert slots.running == 0


def test_what_is_not_read_stops_the_program_and_then_ends_it(slots):
    job = Ended("bytes 1000", *"abcdefghij", buffer_bytes=3_000, stall_seconds=0.2)
    slots.submit(job)
    assert job.over.wait(10)
    assert job.end == "client too slow"
    assert 2 <= len(job.executions()) < 10


def test_a_job_that_is_stopped_while_it_waits_never_runs(slots):
    busy = [Ended("sleep 0.5", "a") for _ in range(2)]
    late = Ended("echo", "b")
    for job in (*busy, late):
        slots.submit(job)
    assert eventually(lambda: slots.running == 2)
    slots.stop_waiting(Problem("Later.", again=True))
    assert late.end == "stopping"
    assert all(job.over.wait(10) and job.end == "done" for job in busy)
    assert (late.started, late.executions()) == (None, [])


def test_sandboxes_that_cannot_be_had_are_told_of():
    there = [True]

    def make():
        if not there[0]:
            raise SandboxUnavailable("There is no room.")
        return FakeSandbox()

    slots = Slots(make, 1)
    slots.start()
    victim, failing, well = Ended("sleep 100", "a"), Ended("echo", "b"), Ended("echo", "c")
    slots.submit(victim)
    assert eventually(lambda: slots.running == 1)
    there[0] = False
    slots.stop(victim, "client left")
    slots.kill(victim)
    slots.submit(failing)
    assert failing.over.wait(10)
    assert (failing.end, failing.problem) == ("fault", Problem("No sandbox starts: There is no room.", True))
    assert slots.failing
    there[0] = True
    slots.submit(well)
    assert well.over.wait(10)
    assert (well.end, slots.failing) == ("done", False)
    slots.close()


def test_a_sandbox_that_runs_nothing_is_refused_at_the_start():
    class Broken(FakeSandbox):
        def _one(self, words, one):
            return Execution("failed", "Out of order.")

    slots = Slots(Broken, 1)
    with pytest.raises(SandboxUnavailable, match="does not run an empty program: Out of order"):
        slots.start()
    slots.close()


def test_closing_ends_what_runs_and_what_waits():
    slots = Slots(FakeSandbox, 1)
    slots.start()
    running, waiting = Ended("sleep 100", "a"), Ended("echo", "b")
    slots.submit(running)
    slots.submit(waiting)
    assert eventually(lambda: (slots.running, slots.queued) == (1, 1))
    begun = time.monotonic()
    slots.close()
    assert time.monotonic() - begun < 5
    assert running.end == "stopping"
    assert waiting.started is None

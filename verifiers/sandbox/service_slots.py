"""Where a service runs its requests: slots, each a thread with a sandbox of its own, and the jobs that pass through."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from time import monotonic
from typing import Literal

from verifiers.sandbox.errors import SandboxUnavailable
from verifiers.sandbox.types import Execution, Limits, Program, Sandbox, Stdin
from verifiers.sandbox.wire import Problem, Request, execution_to_json

End = Literal["done", "refused", "fault", "client left", "client too slow", "stopping"]
"""How a job can end."""

_log = logging.getLogger("verifiers.sandbox.service")


class Job:
    """One request on its way through a slot: a thread there makes lines, the event loop takes them.

    `wake` is called, from any thread, when there is something new to take. What the client has not read yet
    waits here, up to `buffer_bytes`; with more of it, the program waits for the client, `stall_seconds` in all.
    """

    def __init__(
        self, request: Request, buffer_bytes: int, stall_seconds: float, wake: Callable[[], None]
    ) -> None:
        self.request = request
        self.started: float | None = None
        """When it got a slot, by `time.monotonic`."""
        self.finished: float | None = None
        self.outcomes: dict[str, int] = {}
        self._buffer_bytes = buffer_bytes
        self._stall_seconds = stall_seconds
        self._wake = wake
        self._room = threading.Condition()
        self._lines: deque[bytes] = deque()
        self._size = 0
        self._end: End | None = None
        self._problem: Problem | None = None

    @property
    def end(self) -> End | None:
        """How it ended; None while it has not."""
        return self._end

    @property
    def problem(self) -> Problem | None:
        """What to tell the client in place of further executions."""
        return self._problem

    def take(self) -> bytes:
        """The lines made since the last call. An end that was seen before the call has none behind them."""
        with self._room:
            lines = b"".join(self._lines)
            self._lines.clear()
            self._size = 0
            self._room.notify()
        return lines

    def finish(self, end: End, problem: Problem | None = None) -> None:
        """End it, unless it has ended. A program that runs is no business of this method; see `Slots.stop`."""
        with self._room:
            if self._end is not None:
                return
            self._end, self._problem = end, problem
            self._room.notify()
        self._wake()

    def work(self, sandbox: Sandbox) -> None:
        """Run the request. In the slot's thread; raises nothing."""
        try:
            self._run(sandbox)
        except ValueError as error:
            self.finish("refused", Problem(_one_line(error)))
        except SandboxUnavailable as error:
            self.finish("fault", Problem(_one_line(error), again=True))
        except Exception:
            if self._end is None:  # else the sandbox was closed under it, see `Slots.kill`
                _log.exception("a request failed")
                self.finish("fault", Problem("The service failed; its log says why.", again=True))
        else:
            self.finish("done")

    def _run(self, sandbox: Sandbox) -> None:
        if self._end is not None:
            return
        request = self.request
        executions = sandbox.run(request.program, request.inputs, request.limits)
        try:
            for execution in executions:
                if not self._put(execution):
                    return
        finally:
            if close := getattr(executions, "close", None):
                close()

    def _put(self, execution: Execution) -> bool:
        """Whether more is wanted."""
        line = execution_to_json(execution)
        with self._room:
            while self._size >= self._buffer_bytes and self._end is None and self._stall_seconds > 0:
                before = monotonic()
                self._room.wait(self._stall_seconds)
                self._stall_seconds -= monotonic() - before
            wanted = self._end is None and self._size < self._buffer_bytes
            first = not self._lines
            if wanted:
                self._lines.append(line)
                self._size += len(line)
                self.outcomes[execution.outcome] = self.outcomes.get(execution.outcome, 0) + 1
        if not wanted:
            self.finish("client too slow")
        elif first:
            self._wake()
        return wanted


@dataclass
class _Slot:
    """A sandbox that runs one job at a time, and is made anew after it had to be closed to end one."""

    make: Callable[[], Sandbox]
    lock: threading.Lock = field(default_factory=threading.Lock)
    sandbox: Sandbox | None = None
    job: Job | None = None

    def take(self, job: Job) -> Sandbox:
        with self.lock:
            if self.sandbox is None:
                self.sandbox = self.make()
            self.job = job
            return self.sandbox

    def give_back(self) -> None:
        with self.lock:
            self.job = None

    def close(self, job: Job | None = None) -> None:
        """Close the sandbox, and with it all that it runs; where a job is given, only if it runs that one."""
        with self.lock:
            if job is not None and self.job is not job:
                return
            sandbox, self.sandbox = self.sandbox, None
        if sandbox is not None:
            sandbox.close()


class Slots:
    """`count` slots and a queue before them, first come, first served. For any thread."""

    def __init__(self, make: Callable[[], Sandbox], count: int) -> None:
        self._slots = [_Slot(make) for _ in range(count)]
        self._free: SimpleQueue[_Slot] = SimpleQueue()
        for slot in self._slots:
            self._free.put(slot)
        self._threads = ThreadPoolExecutor(count, "sandbox slot")
        self._lock = threading.Lock()
        self._waiting: dict[Job, Future[None]] = {}
        self.failing = False
        """Whether the last sandbox that was needed could not be had."""

    @property
    def queued(self) -> int:
        """Jobs that wait for a slot."""
        with self._lock:
            return len(self._waiting)

    @property
    def running(self) -> int:
        """Slots that run a job."""
        return sum(slot.job is not None for slot in self._slots)

    def start(self) -> None:
        """Start every sandbox and run an empty program there. Raises `SandboxUnavailable` where one cannot."""
        for started in [self._threads.submit(_try, slot) for slot in self._slots]:
            started.result()

    def submit(self, job: Job) -> None:
        """Run the job as soon as a slot is free."""
        with self._lock:
            self._waiting[job] = self._threads.submit(self._run, job)

    def stop(self, job: Job, end: End, problem: Problem | None = None) -> None:
        """End the job. If it runs, it ends with the present execution; to end that too, see `kill`."""
        job.finish(end, problem)
        with self._lock:
            future = self._waiting.get(job)
            if future is not None and future.cancel():
                del self._waiting[job]

    def stop_waiting(self, problem: Problem) -> None:
        """End all jobs that wait for a slot."""
        with self._lock:
            waiting = [job for job, future in self._waiting.items() if future.cancel()]
            for job in waiting:
                del self._waiting[job]
        for job in waiting:
            job.finish("stopping", problem)

    def kill(self, job: Job) -> None:
        """If the job runs still, end what it runs, at the price of its slot's sandbox."""
        for slot in self._slots:
            slot.close(job)

    def close(self) -> None:
        """End all jobs, and let go of all sandboxes."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for slot in self._slots:
            if slot.job is not None:
                slot.job.finish("stopping", Problem("The service is stopping.", again=True))
            slot.close()
        self._threads.shutdown(wait=True)
        for slot in self._slots:  # one may have been made anew meanwhile
            slot.close()

    def _run(self, job: Job) -> None:
        with self._lock:
            self._waiting.pop(job, None)
        if job.end is not None:
            return
        slot = self._free.get()
        job.started = monotonic()
        try:
            sandbox = slot.take(job)
            self.failing = False
            job.work(sandbox)
        except Exception as error:  # the sandbox could not be made
            self.failing = True
            _log.exception("a sandbox does not start")
            job.finish("fault", Problem(f"No sandbox starts: {_one_line(error)}", again=True))
        finally:
            job.finished = monotonic()
            slot.give_back()
            self._free.put(slot)


def _try(slot: _Slot) -> None:
    job = Job(Request(Program(""), (Stdin(),), Limits()), 1, 0.0, lambda: None)
    try:
        sandbox = slot.take(job)
        for execution in sandbox.run(job.request.program, job.request.inputs, job.request.limits):
            if not execution.ok:
                raise SandboxUnavailable(f"The sandbox does not run an empty program: {execution.reason}")
    finally:
        slot.give_back()


def _one_line(error: Exception) -> str:
    """What an error says, for a client: on one line."""
    return " ".join(str(error).split()) or type(error).__name__

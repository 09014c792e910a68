"""The sandbox on this machine: a pool of servers, each in a bubblewrap of its own."""

import json
import os
import threading
from collections.abc import Iterable, Iterator

from verifiers.process import ChildDied
from verifiers.sandbox import bubblewrap, detect
from verifiers.sandbox.checks import check_input, check_limits, check_program
from verifiers.sandbox.errors import SandboxUnavailable
from verifiers.sandbox.languages import toolchain
from verifiers.sandbox.launch import WorkerDied
from verifiers.sandbox.reader import Unreadable
from verifiers.sandbox.session import Session
from verifiers.sandbox.spawn import Starter
from verifiers.sandbox.types import Execution, Input, Layer, Limits, Program, Stdin
from verifiers.sandbox.worker import START_SECONDS, Worker


class LocalSandbox:
    """Runs programs in servers that start when first needed and are kept. For any number of threads at once.

    At most `workers` inputs (default: one per processor) run at the same time. The first server is started at
    once, to try each protection from within: `protections` says what was found. Raises `SandboxUnavailable`
    where one is missing that is needed, unless `unsafe`: then programs run with what there is.
    """

    def __init__(self, workers: int | None = None, unsafe: bool = False) -> None:
        if workers is not None and workers < 1:
            raise ValueError(f"LocalSandbox: workers is {workers}; it must be at least 1.")
        self._workers = workers or len(os.sched_getaffinity(0))
        self._bubblewrap = bubblewrap.find()
        self._layers: tuple[Layer, ...] = ()
        self._reset()
        try:
            self.protections = self._try_protections()
        except BaseException:
            self.close()
            raise
        self._layers = self.protections.active
        if not unsafe and (refusal := self.protections.refusal):
            self.close()
            raise SandboxUnavailable(refusal)

    def run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        """See `Sandbox.run`."""
        check_program(program)
        check_limits(limits)
        return self._run(program, inputs, limits)

    @property
    def closed(self) -> bool:
        """Whether it was closed; in a fork of the process that closed it, it works again."""
        return self._closed and self._owner == os.getpid()

    def close(self) -> None:
        """See `Sandbox.close`."""
        self._let_go_in_a_fork()
        with self._lock:
            self._closed = True
            self._started.wait_for(lambda: not self._starting, START_SECONDS)
            busy = list(self._busy)
        for worker in busy:
            worker.end()
        self._let_go_of_the_free()

    def __enter__(self) -> "LocalSandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        tools = toolchain(program.language)
        if not tools.is_here:
            for one in inputs:
                check_input(one, program)
                yield Execution("no_toolchain", f"{', '.join(tools.missing)} not found: {tools.get}.")
            return
        try:
            session = Session(program, tools, limits, self._layers, self._take, self._give_back)
        except (Unreadable, ChildDied) as error:
            for one in inputs:
                check_input(one, program)
                yield _unread(error, self._layers)
            return
        try:
            for one in inputs:
                check_input(one, program)
                self._let_go_in_a_fork()
                with self._slots:  # held while it runs, not while the caller looks at the result
                    execution = session.run(one)
                yield execution
        finally:
            session.close()

    def _try_protections(self) -> detect.Protections:
        """Start the first server, with bubblewrap where that works, and have it tried from within."""
        obstacle = ""
        if self._bubblewrap is not None:
            try:
                return self._probe("")
            except WorkerDied as error:
                obstacle = str(error)
                self._bubblewrap = None
                self._let_go_of_the_free()
        try:
            return self._probe(detect.obstacle() or obstacle)
        except WorkerDied as error:
            raise SandboxUnavailable(
                f"The sandbox does not start, even without protections: {error}."
            ) from None

    def _probe(self, obstacle: str) -> detect.Protections:
        worker = self._take()
        missing = dict(worker.missing)
        self._give_back(worker)
        done = next(self._run(Program(detect.PROBE), [Stdin()], Limits()))
        if not done.ok:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [done.reason]
            raise WorkerDied(f"a program that tries the protections fails: {said[0]}")
        return detect.judge(json.loads(done.stdout), missing, obstacle)

    def _let_go_of_the_free(self) -> None:
        with self._lock:
            free = self._free[:]
            self._free.clear()
        for worker in free:
            worker.kill()

    def _take(self) -> Worker:
        """A server that nobody uses, or a new one. Raises `WorkerDied`."""
        with self._lock:
            if self._closed:
                raise WorkerDied("the sandbox is closed")
            while self._free:
                worker = self._free.pop()
                if worker.is_alive:
                    self._busy.add(worker)
                    return worker
                worker.kill()
            self._starting += 1
        started: list[Worker] = []
        try:
            started.append(Worker(self._bubblewrap, self._starter))
        finally:
            with self._lock:
                self._starting -= 1
                self._started.notify_all()
                self._busy.update(started)
        return started[0]

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            if worker.is_alive and not self._closed and len(self._free) < self._workers:
                self._free.append(worker)
                return
        worker.kill()

    def _reset(self) -> None:
        self._owner = os.getpid()
        self._starter = Starter()
        self._lock = threading.Lock()
        self._started = threading.Condition(self._lock)
        self._starting = 0
        self._slots = threading.BoundedSemaphore(self._workers)
        self._free: list[Worker] = []
        self._busy: set[Worker] = set()
        self._closed = False

    def _let_go_in_a_fork(self) -> None:
        """In a fork of the process that made this sandbox, its servers are that process's: start without any."""
        if self._owner != os.getpid():
            for worker in [*self._free, *self._busy]:
                worker.forget()
            self._reset()


def _unread(error: Unreadable | ChildDied, layers: tuple[Layer, ...]) -> Execution:
    """What every input of a program gets whose text kept its reader busy, or whose reader ended."""
    if isinstance(error, Unreadable):
        return Execution("not_compiled", f"It does not compile: {error}", layers=layers)
    return Execution("failed", f"The program's text was not read: {error}", layers=layers)

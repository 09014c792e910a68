"""One server, seen from outside: its process, its line, its cgroups."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from verifiers.sandbox import cgroups, launch, seccomp
from verifiers.sandbox.inside import frames
from verifiers.sandbox.inside.job import KEEPER_ENDED
from verifiers.sandbox.launch import PROGRAM_USER, WorkerDied
from verifiers.sandbox.spawn import Starter
from verifiers.sandbox.types import Limit

START_SECONDS = 60.0
"""Wall time that a server has to start; it takes a tenth of a second of work."""
OUR_TASKS = 3
"""The server, the supervisor and the first process of a namespace, which count beside a program's processes."""

_SEND_SECONDS = 60.0
_LOOK_SECONDS = 0.5
_END_SECONDS = 30.0


class Worker:
    """A started server, in the bubblewrap of that path or, for None, without. For one thread at a time, but for
    `end`.

    `groups` are its cgroups by controller; `missing` says for the others why there are none. Raises
    `WorkerDied` where it does not start.
    """

    def __init__(self, bubblewrap: str | None, starter: Starter) -> None:
        self.groups: dict[str, cgroups.Group] = {}
        self.missing: dict[str, str] = {}
        self._owner = os.getpid()
        self._folder = None if bubblewrap else _open_folder()
        self._received = bytearray()
        self._bounds = (0, 0)
        self._lock = threading.Lock()
        self._log, self._mark = os.memfd_create("sandbox"), os.memfd_create("mark")
        self._server = -1
        self._orders, their_orders = socket.socketpair()
        self._jobs, their_jobs = socket.socketpair()
        lines = their_orders.fileno(), their_jobs.fileno(), self._mark
        self._make_groups()
        try:
            with their_orders, their_jobs:
                if bubblewrap:
                    start = launch.in_bubblewrap(bubblewrap, starter, lines, self._log, self._place)
                else:
                    start = launch.bare(starter, lines, self._log)
                    self._place(start[1])
        except BaseException as error:
            self._remove()
            self._close()
            if isinstance(error, OSError):
                raise WorkerDied(f"the sandbox's server does not start: {error}") from None
            raise
        self._process, self.pid = start
        self._server = os.pidfd_open(self.pid)
        self._orders.setblocking(False)
        self._jobs.setblocking(False)
        try:
            self._send(self._orders, self._greeting())
            self._receive(START_SECONDS)
        except BaseException:
            self.kill()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.poll() is None

    @property
    def built(self) -> str:
        """The folder that programs are compiled into, as it is called inside."""
        return f"{self._folder}/built" if self._folder else "/program"

    @property
    def scratch(self) -> str:
        """The writable folder, as it is called inside."""
        return f"{self._folder}/scratch" if self._folder else "/tmp"

    def prepare(self, built_bytes: int) -> None:
        """Forget what was compiled; a folder of this size to compile into, unless it is 0. Or `WorkerDied`."""
        self._order({"do": "prepare", "bytes": built_bytes})
        self._bounds = (0, 0)

    def seal(self) -> None:
        """From now on what was compiled cannot be written. Or `WorkerDied`."""
        self._order({"do": "seal"})
        self._bounds = (0, 0)  # it is held from now on

    def run(self, messages: Sequence[bytes], seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        """Have a supervisor read messages and run a job; its report. `WorkerDied` if that takes longer."""
        self._order({"do": "run"})
        for message in messages:
            self._send(self._jobs, message)
        return self._receive(seconds)

    def _got_to_its_program(self) -> bool:
        """Whether the last run has begun to start its program."""
        return os.pread(self._mark, 1, 0) == b"\1"

    def _order(self, order: dict[str, Any]) -> None:
        self._send(self._orders, frames.pack(order))

    def _send(self, line: socket.socket, message: bytes) -> None:
        left, deadline = memoryview(message), monotonic() + _SEND_SECONDS
        while left:
            try:
                left = left[line.send(left, socket.MSG_NOSIGNAL) :]
            except BlockingIOError:
                self._wait(line, select.POLLOUT, deadline)
            except OSError:
                raise self._death() from None

    def _receive(self, seconds: float) -> tuple[dict[str, Any], list[bytes]]:
        deadline = monotonic() + seconds
        try:
            while len(self._received) < (size := frames.wanted(self._received)):
                self._read(deadline)
            message = self._received[:size]
            del self._received[:size]
            return frames.unpack(message)
        except frames.LineBroken as error:
            self.kill()
            raise WorkerDied(f"the sandbox's server broke its line: {error}") from None

    def bound(self, memory_bytes: int, tasks: int) -> None:
        """Bound what runs there from now on, where cgroups can. `WorkerDied` where they no longer do."""
        if (memory_bytes, tasks) == self._bounds:
            return
        try:
            if group := self.groups.get("memory"):
                group.set(group.held() + memory_bytes)
            if group := self.groups.get("pids"):
                group.set(tasks + OUR_TASKS)
        except (OSError, cgroups.NoCgroup) as error:
            self.kill()
            raise WorkerDied(f"a cgroup takes no limits any more: {error}") from None
        self._bounds = (memory_bytes, tasks)

    def struck(self) -> set[Limit]:
        """The limits that the kernel has counted as struck since this was last asked. Or `WorkerDied`."""
        try:
            return {limit for group in self.groups.values() if (limit := group.struck())}
        except OSError as error:
            raise WorkerDied(f"a cgroup is gone: {error}") from None

    def end(self) -> None:
        """Kill it and all within; whoever waits for it gets `WorkerDied`. Returns when nothing of it is left."""
        with self._lock:
            if self._owner != os.getpid() or self._server < 0:
                return
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._server, signal.SIGKILL)
            # It ends as the last of its namespace, and bubblewrap after it; a laden machine may take its time.
            _wait_for_end(self._server, _END_SECONDS)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOK_SECONDS)
            self._process.kill()
            self._process.wait()
            self._remove()

    def kill(self) -> None:
        """As `end`, and let go of it."""
        self.end()
        with self._lock:
            self._close()

    def forget(self) -> None:
        """Let go of it without a word to it: in a fork of the process that it belongs to."""
        self._close()

    def _close(self) -> None:
        self._orders.close()
        self._jobs.close()
        for group in self.groups.values():
            group.forget()
        for file in {self._log, self._mark, self._server} - {-1}:
            os.close(file)
        self._log = self._mark = self._server = -1

    def _make_groups(self) -> None:
        for controller in ("memory", "pids"):
            found = cgroups.group(controller)
            if isinstance(found, str):
                self.missing[controller] = found
            else:
                self.groups[controller] = found

    def _place(self, server: int) -> None:
        """Put the server into its groups, those that take it."""
        for controller, group in list(self.groups.items()):
            try:
                group.add(server)
            except cgroups.NoCgroup as error:
                self.missing[controller] = str(error)
                self.groups.pop(controller).close()

    def _remove(self) -> None:
        for group in self.groups.values():
            group.remove()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _greeting(self) -> bytes:
        root = os.geteuid() == 0
        setting = {
            "isolated": self._folder is None,
            "scratch": self.scratch,
            "built": self.built,
            "program_uid": PROGRAM_USER if root else None,
            "memory_group": "memory" in self.groups,
            # With a pids cgroup the kernel counts what that refuses, so that one must be the first to refuse.
            "task_allowance": (0 if root else OUR_TASKS) + (8 if "pids" in self.groups else 0),
        }
        return frames.pack({"setting": setting}, [seccomp.program("memory" in self.groups)])

    def _read(self, deadline: float) -> None:
        try:
            part = self._jobs.recv(1 << 18)
        except BlockingIOError:
            self._wait(self._jobs, select.POLLIN, deadline)
            return
        except OSError:
            raise self._death() from None
        if not part:
            raise self._death()
        self._received += part

    def _wait(self, line: socket.socket, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(line, event)
        while not poll.poll(max(0.0, min(deadline - monotonic(), _LOOK_SECONDS)) * 1000):
            if monotonic() > deadline:
                raise self._death(in_time=False)
            # A process forked beside us may hold the other end open, so its closing is not enough to go by.
            if not self.is_alive and not poll.poll(0):
                raise self._death()

    def _death(self, in_time: bool = True) -> WorkerDied:
        """Kill it, and tell what is known of its end."""
        if self._log < 0:  # killed meanwhile, by another thread
            return WorkerDied("the sandbox's server was ended")
        last, running = launch.said(self._log), self._got_to_its_program()
        limit = self._memory_struck() if running else None
        self.kill()
        code = self._process.returncode
        if not in_time:
            return WorkerDied(
                "the sandbox's server did not answer in time", limit, "wall" if running else None
            )
        alone = code == KEEPER_ENDED or self._folder is not None
        return WorkerDied(
            f"the sandbox's server ended: {last or f'code {code}'}",
            limit,
            "killed" if running and alone else None,
        )

    def _memory_struck(self) -> Literal["memory"] | None:
        with contextlib.suppress(OSError):
            return "memory" if "memory" in self.struck() else None
        return None


def _wait_for_end(process: int, seconds: float) -> None:
    """Wait until the process that a pidfd stands for has ended, reaped or not."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    poll.poll(seconds * 1000)


def _open_folder() -> str:
    """A temporary folder that a program's user may enter."""
    folder = tempfile.mkdtemp(prefix="k15-sandbox-")
    Path(folder).chmod(0o711)
    return folder

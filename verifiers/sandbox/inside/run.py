"""The processes and pipes of one run, as its supervisor holds them."""

import contextlib
import mmap
import os
import resource
import select
import signal
import struct
import time
from collections.abc import Callable
from typing import Any, NoReturn

from . import confine, kernel, tree
from .job import Job

_CHUNK = 1 << 16
_PROCESSORS = len(os.sched_getaffinity(0))
_SHORTEST_LOOK = 0.02
_MORE_ON_STDERR = 8
"""How many times more may be written there than to standard output: notes that nobody judges."""
_STATUS = struct.Struct("?i")
_STATUS_PLACE = 8
"""Where in the shared page a namespace's first process leaves the exit status of its program."""

Streams = tuple[int, int, int]
Confined = Callable[[Streams], Callable[[], object]]
"""Confines the process that calls it to the given streams, and returns what that is to do then."""


class Stream:
    """What comes out of one pipe, up to a number of bytes. Of more than `last` bytes, only the last are kept."""

    def __init__(self, most: int, last: int | None = None) -> None:
        self.read_end, self.write_end = os.pipe()
        os.fchmod(self.write_end, 0o666)  # so that the program, another user, can open it by name
        os.set_blocking(self.read_end, False)
        self.overflowed = False
        self._kept = bytearray()
        self._size = 0
        self._most, self._last = most, most if last is None else last

    @property
    def kept(self) -> bytearray:
        """What is kept of it."""
        return self._kept if len(self._kept) <= self._last else self._kept[-self._last :]

    def read(self) -> bool:
        """Take what is there; False where nothing more will come."""
        try:
            part = os.read(self.read_end, _CHUNK)
        except BlockingIOError:
            return True
        self._size += len(part)
        if self._size > self._most:
            self.overflowed = True
            part = part[: len(part) - (self._size - self._most)]
        self._kept += part
        if len(self._kept) > 2 * self._last:
            del self._kept[: -self._last]
        return bool(part) and not self.overflowed

    def drain(self) -> None:
        """Take the rest; nobody holds the other end any more."""
        while not self.overflowed and self.read():
            pass


class Run:
    """The processes and pipes of one run."""

    def __init__(self, job: Job, ready: mmap.mmap) -> None:
        self.job = job
        self.started = time.monotonic()
        self.stdout = Stream(job.output_bytes)
        self.stderr = Stream(_MORE_ON_STDERR * job.output_bytes, last=job.output_bytes)
        self.value: Stream | None = None
        self._ready = ready  # a byte per process: whether it was confined, and so is the program
        self._has_first = False  # true: what is forked here is the first of a namespace, not the program
        self._seconds = 0.0
        self.statuses: dict[int, int | None] = {}  # by process id; None while it runs

    @property
    def processes(self) -> list[int]:
        """Those forked here; the first is the one whose end is the end of the run."""
        return list(self.statuses)

    def fork(self, confined: Confined, stdin: int) -> None:
        """A child that confines itself and then does what it is to."""
        place = len(self.statuses)
        self._ready[place] = 0
        child = os.fork()
        if child:
            self.statuses[child] = None
            return
        try:
            body = confined((stdin, self.stdout.write_end, self.stderr.write_end))
            self._ready[place] = 1
            if not self.job.command:
                self._ready.close()
            body()
        except BaseException as error:
            with contextlib.suppress(ValueError):  # closed: this is the program's own doing
                self._ready[place] = 0
            os.write(2, f"sandbox: {error!r}\n".encode())
        finally:
            os._exit(125)

    def fork_program(self, confined: Confined, stdin: int) -> None:
        """As `fork`; where a program of the same user could reach this process, in a pid namespace below.

        The first process there only waits: what the program does to that one ends the program.
        """
        setting = self.job.setting
        if not setting.isolated or setting.program_uid is not None:
            self.fork(confined, stdin)
            return

        def first(streams: Streams) -> Callable[[], object]:
            confine.make_private(self.job, scratch=False)
            program = os.fork()
            if program:
                self._wait_as_first(program)
            return confined(streams)

        self._has_first = True
        _STATUS.pack_into(self._ready, _STATUS_PLACE, False, 0)
        kernel.unshare(kernel.NEW_PIDS)
        self.fork(first, stdin)

    def _wait_as_first(self, program: int) -> NoReturn:
        """Wait for the program as the first process of its namespace, end what it leaves, and tell its status."""
        status = None
        while status is None:
            process, ended = os.wait()
            status = ended if process == program else None
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
        _STATUS.pack_into(self._ready, _STATUS_PLACE, True, status)
        os._exit(0)

    def _program_statuses(self) -> list[int | None]:
        """Those of the programs, as far as they ended."""
        statuses = list(self.statuses.values())
        if self._has_first and statuses == [0]:
            told, status = _STATUS.unpack_from(self._ready, _STATUS_PLACE)
            return [status if told else signal.SIGKILL]
        return statuses

    def check_ready(self) -> None:
        """Raise `RuntimeError` where one could not be confined, so that the program has not run."""
        ended = [status is not None and os.WIFEXITED(status) for status in self._program_statuses()]
        if any(by_itself and not self._ready[place] for place, by_itself in enumerate(ended)):
            raise RuntimeError(self.stderr.kept.decode("utf-8", "replace").strip())

    def watch(self) -> str | None:
        """Until the first process has ended; the name of the limit that struck before, if one did."""
        ended = os.pidfd_open(self.processes[0])
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        streams = {s.read_end: s for s in (self.stdout, self.stderr, self.value) if s is not None}
        for descriptor in streams:
            poll.register(descriptor, select.POLLIN)
        deadline = self.started + self.job.wall_seconds
        look = self.started + max(_SHORTEST_LOOK, self.job.cpu_seconds / _PROCESSORS)
        while True:
            now = time.monotonic()
            if now >= deadline:
                return "wall"
            if now >= look:
                self._seconds = tree_seconds()
                left = self.job.cpu_seconds - self._seconds
                if left <= 0:
                    return "cpu"
                look = now + max(_SHORTEST_LOOK, left / _PROCESSORS)
            for descriptor, _ in poll.poll(max(0.0, min(deadline, look) - now) * 1000 + 1):
                if descriptor == ended:
                    return None
                if not streams[descriptor].read():
                    if streams[descriptor].overflowed:
                        return "output"
                    poll.unregister(descriptor)

    def end(self) -> None:
        """Kill what still runs of the tree, and wait until nothing does."""
        for process in self.processes:  # those that ended by themselves
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                self.statuses[process] = status
        while True:
            tree.kill(self.job.setting.isolated)
            try:
                process, status = os.wait()
            except ChildProcessError:
                return
            if process in self.statuses:
                self.statuses[process] = status

    def result(self, limit: str | None, scratch: int) -> tuple[dict[str, Any], list[bytearray]]:
        """What to report, after the end."""
        streams = [self.stdout, self.stderr, *([self.value] if self.value else [])]
        for stream in streams:
            stream.drain()
        if any(stream.overflowed for stream in streams):
            limit = limit or "output"
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        space = os.statvfs(scratch)
        head = {
            "limit": limit,
            "statuses": self._program_statuses(),
            # What ends with its namespace is counted nowhere, so that the last look may have seen more.
            "cpu_seconds": max(self._seconds, used.ru_utime + used.ru_stime),
            "wall_seconds": time.monotonic() - self.started,
            "peak_memory_bytes": used.ru_maxrss * 1024,
            "scratch_full": space.f_bavail * 64 < space.f_blocks or space.f_favail == 0,
        }
        return head, [stream.kept for stream in streams]


def tree_seconds() -> float:
    """Processor time of all that this process has started, and what they have.

    But for those whose parent ignores the end of its children: the kernel counts them nowhere once they have
    ended. The limits on processes and on wall time bound what can be had that way.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(process.ticks for process in tree.descendants())
    return ended.ru_utime + ended.ru_stime + ticks / tree.TICKS_PER_SECOND

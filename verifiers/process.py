"""A child process that answers questions over its pipes and can be killed at any moment.

Used for symbolic algebra and for batches. Unlike `multiprocessing`, a child here inherits nothing, never
re-imports the caller's main module and can be started from threads, daemons and pool workers alike.
"""

import contextlib
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

START_SECONDS = 120.0
"""Wall time a child has to start: half a second of work, much longer on a machine that is overcommitted."""

_HEADER = struct.Struct(">Q")


class ChildTimeout(Exception):
    """The child did not answer in time and was killed."""


class ChildDied(Exception):
    """The child ended before it answered; says how."""


class Child:
    """One child process running `module.serve_main()`. Not for two threads at once.

    The module's side calls `serve`. The child ends when its standard input closes,
    as it does when its parent ends.
    """

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-c", _program(module)]
        self._process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)  # a child that does not read must not block us
        self._owner = os.getpid()
        self._ready = False

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the child has not ended, as far as is known."""
        return self._process.poll() is None

    def ask(self, question: Any, seconds: float) -> Any:
        """The child's answer. After `seconds` of wall time it is killed and `ChildTimeout` raised.

        `ChildTimeout` also when its own limit on processor time ended it; `ChildDied` for any other end.
        """
        if not self._ready:
            self._receive(monotonic() + START_SECONDS)
            self._ready = True
        body = pickle.dumps(question)
        deadline = monotonic() + seconds
        self._write(_HEADER.pack(len(body)) + body, deadline)
        return self._receive(deadline)

    def kill(self) -> None:
        """End the child now; harmless if it has ended."""
        if self._owner != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)

    def _write(self, message: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        left = memoryview(message)
        while left:
            self._wait(descriptor, select.POLLOUT, deadline)
            try:
                left = left[os.write(descriptor, left) :]
            except OSError:
                raise self._death() from None

    def _receive(self, deadline: float) -> Any:
        header = self._read(_HEADER.size, deadline)
        return pickle.loads(self._read(_HEADER.unpack(header)[0], deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        parts = bytearray()
        while len(parts) < size:
            self._wait(descriptor, select.POLLIN, deadline)
            if not (part := os.read(descriptor, size - len(parts))):
                raise self._death()
            parts += part
        return bytes(parts)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        """Until the pipe is ready; at the deadline the child is killed and `ChildTimeout` raised."""
        poll = select.poll()
        poll.register(descriptor, event)
        left = deadline - monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            self.kill()
            raise ChildTimeout

    def _death(self) -> Exception:
        self.kill()
        code = self._process.returncode
        if code == -signal.SIGPROF:
            return ChildTimeout()
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return ChildDied(f"The worker process {how}.")


class Pool:
    """Children of one module, started when needed and kept for the next question; for any thread."""

    def __init__(self, module: str, size: int) -> None:
        self._module = module
        self._free: list[Child] = []
        self._slots = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()

    def ask(self, question: Any, seconds: float) -> Any:
        """One child's answer; see `Child.ask`. A child that fails is replaced at the next question."""
        with self._slots:
            child = self._free_child() or Child(self._module)
            try:
                answer = child.ask(question, seconds)
            except BaseException:
                child.kill()
                raise
            with self._lock:
                self._free.append(child)
            return answer

    def _free_child(self) -> Child | None:
        with self._lock:
            while self._free:
                child = self._free.pop()
                if child.is_alive:
                    return child
                child.kill()
        return None

    def close(self) -> None:
        """End the children that are free."""
        with self._lock:
            free, self._free = self._free, []
        for child in free:
            child.kill()


def serve(answer: Callable[[Any], Any]) -> None:
    """The child's side: say that it is ready, then answer questions from standard input until it closes.

    Whatever else is printed to standard output is dropped.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    _send(sink, "ready")
    while header := source.read(_HEADER.size):
        question = pickle.loads(source.read(_HEADER.unpack(header)[0]))
        _send(sink, answer(question))


def _send(sink: BinaryIO, message: Any) -> None:
    body = pickle.dumps(message)
    sink.write(_HEADER.pack(len(body)) + body)
    sink.flush()


def _close(pipe: Any) -> None:
    with contextlib.suppress(OSError):
        pipe.close()


def _program(module: str) -> str:
    """What the child runs: with this process's import path, so that it finds the same packages."""
    path = [folder or str(Path.cwd()) for folder in sys.path]
    return f"import sys; sys.path[:] = {path!r}; from {module} import serve_main; serve_main()"

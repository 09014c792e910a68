"""Child processes that answer questions over a socket and can be killed at any moment.

Used for symbolic algebra and for batches. Unlike `multiprocessing`, a child here inherits nothing, never
re-imports the caller's main module and can be started from threads, daemons and pool workers alike. In the
caller no signal handler, timer or child watcher is touched or relied upon.
"""

import contextlib
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, NoReturn

LEAVE_SECONDS = 2.0
"""Wall time that a child without a question has to tidy up and end, before it is killed."""
START_SECONDS = 120.0
"""Wall time a child has to start: half a second of work, much longer on a machine that is overcommitted."""

FORK_LIFETIME = 200
"""Questions that a fork answers before a fresh one takes over, so that nothing piles up in its memory."""

_HEADER = struct.Struct(">BQ")
_READY, _ANSWER, _OUT_OF_TIME, _REFUSED = range(4)
_LOOK_SECONDS = 0.5  # how often a waiting parent looks whether its child is alive
_ORPHAN_SECONDS = 2.0  # how often a waiting child looks whether its parent is
_NO_SIGNAL = getattr(socket, "MSG_NOSIGNAL", 0)
_READ_BYTES = 1 << 18
_AGAIN = 75  # the exit code of a fork that wants to be replaced


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take, in seconds.

    The kernel counts `processor` time in the child, so a busy machine does not change what is answered in
    time; `wall` time guards against a child that only waits.
    """

    processor: float
    wall: float


class ChildTimeout(Exception):
    """The child did not answer within its limits."""


class ChildDied(Exception):
    """The child could not start, or ended before it answered; says how."""


class _ParentGone(Exception):
    """In the child: there will be no further question."""


class Child:
    """One child process running `module.serve_main()`. For one thread at a time, but for `end`.

    The module's side calls `serve` or `serve_in_forks`. The child ends when its parent does.
    """

    def __init__(self, module: str) -> None:
        self._owner = os.getpid()
        self._ready = False
        self._received = bytearray()
        try:
            self._process, self._socket = _start(module)
        except OSError as error:
            raise ChildDied(f"A worker process cannot be started: {error}.") from error

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the child has not ended, as far as is known."""
        return self._process.poll() is None

    def ask(self, question: Any, limits: Limits) -> Any:
        """The child's answer. `ChildTimeout` if it exceeds `limits`, `ChildDied` if the child ends."""
        return next(self.ask_each([pickle.dumps(question)], limits))

    def ask_each(self, questions: Sequence[bytes], limits: Limits) -> Iterator[Any]:
        """The answers to pickled questions, one by one as they come, each within `limits`; as `ask`."""
        self._get_ready()
        self._write(pickle.dumps((questions, limits.processor)), monotonic() + limits.wall)
        for _ in questions:
            sort, answer = self._receive(monotonic() + limits.wall)
            if sort == _OUT_OF_TIME:
                raise ChildTimeout
            yield answer

    def end(self) -> None:
        """Kill the child; whoever waits for it gets `ChildDied`. Harmless if it has ended."""
        if self._owner == os.getpid() and self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)  # with its forks; it leads a group of its own

    def ask_to_leave(self) -> None:
        """Tell a child that has no question that there will be none, so that it tidies up and ends by itself."""
        if self._owner == os.getpid():
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def kill(self, after: float = 0.0) -> None:
        """Let go of the child, and kill it unless it ends by itself within so many seconds."""
        if self._owner == os.getpid():
            if after:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(after)
            self.end()
            self._process.wait()
            self._socket.close()

    def _get_ready(self) -> None:
        if self._ready:
            return
        sort, reason = self._receive(monotonic() + START_SECONDS)
        if sort == _REFUSED:
            self.kill()
            raise ChildDied(reason)
        self._ready = True

    def _write(self, body: bytes, deadline: float) -> None:
        left = memoryview(_HEADER.pack(_ANSWER, len(body)) + body)
        while left:
            self._wait(select.POLLOUT, deadline)
            try:
                left = left[self._socket.send(left, _NO_SIGNAL) :]
            except BlockingIOError:
                continue
            except OSError:
                raise self._death() from None

    def _receive(self, deadline: float) -> tuple[int, Any]:
        sort, size = _HEADER.unpack(self._read(_HEADER.size, deadline))
        return sort, pickle.loads(self._read(size, deadline))

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._received) < size:
            self._wait(select.POLLIN, deadline)
            try:
                part = self._socket.recv(_READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                raise self._death() from None
            if not part:
                raise self._death()
            self._received += part
        found = bytes(self._received[:size])
        del self._received[:size]
        return found

    def _wait(self, event: int, deadline: float) -> None:
        """Until the socket is ready. At the deadline the child is killed and `ChildTimeout` raised."""
        poll = select.poll()
        poll.register(self._socket, event)
        while True:
            left = deadline - monotonic()
            if poll.poll(max(0.0, min(left, _LOOK_SECONDS)) * 1000):
                return
            if left <= 0:
                self.kill()
                raise ChildTimeout
            # A process forked beside us may hold the other end open, so its closing is not enough to go by.
            if not self.is_alive and not poll.poll(0):
                raise self._death()

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
        self._busy: set[Child] = set()
        self._slots = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, question: Any, limits: Limits) -> Any:
        """One child's answer; see `Child.ask`."""
        with self.child() as child:
            return child.ask(question, limits)

    @contextlib.contextmanager
    def child(self) -> Iterator[Child]:
        """A child for this thread alone. If an exception leaves the block, the child is replaced.

        Raises `ChildDied` if none can be started or the pool is closed.
        """
        with self._slots:
            child = self._take()
            try:
                yield child
            except ChildTimeout:
                self._give_back(child)
                raise
            except BaseException:
                child.kill()
                self._give_back(child)
                raise
            self._give_back(child)

    def close(self) -> None:
        """End the children for good: busy ones are killed, the others may remove what they have made."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
            for child in self._busy:
                child.end()
        for child in free:
            child.ask_to_leave()
        deadline = monotonic() + LEAVE_SECONDS
        for child in free:
            child.kill(after=max(0.01, deadline - monotonic()))

    def _take(self) -> Child:
        with self._lock:
            while self._free:
                child = self._free.pop()
                if child.is_alive:
                    self._busy.add(child)
                    return child
                child.kill()
            if self._closed:
                raise ChildDied("The workers have been stopped.")
            child = Child(self._module)
            self._busy.add(child)
            return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if child.is_alive and not self._closed:
                self._free.append(child)
                return
        child.kill()


def serve(answer: Callable[[Any], Any]) -> NoReturn:
    """The child's side: say that it is ready, then answer questions until the parent is gone.

    Functions registered with `atexit` are called then, such as those that close a sandbox.
    """
    line = _connect()
    _send(line, _READY, None)
    try:
        _answer_all(line, answer)
    except _ParentGone:
        sys.exit(0)


def serve_in_forks(answer: Callable[[Any], Any]) -> NoReturn:
    """As `serve`, but in a fork: when a question runs out of time, the next fork is ready at once.

    What was imported before the call need not be imported again.
    """
    line, parent = _connect(), os.getppid()
    _send(line, _READY, None)
    while True:
        code = _in_a_fork(lambda: _answer_for_a_while(line, answer), parent)
        if code == -signal.SIGPROF:
            _send(line, _OUT_OF_TIME, None)
        elif code != _AGAIN:
            _end_like(code)


def _answer_for_a_while(line: socket.socket, answer: Callable[[Any], Any]) -> NoReturn:
    try:
        _answer_all(line, answer, FORK_LIFETIME)
    except _ParentGone:
        os._exit(0)


def refuse(reason: str) -> None:
    """The child's side: say why it cannot serve; the parent's question raises `ChildDied` with it."""
    _send(_connect(), _REFUSED, reason)


def _start(module: str) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A process whose standard input is a socket, and our end of it. All that it prints is dropped."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            # With this process's import path, so that it finds the same packages.
            program = f"import sys; sys.path[:] = {sys.path!r}; from {module} import serve_main; serve_main()"
            process = subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                process_group=0,
                env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
            )
        except BaseException:
            ours.close()
            raise
    ours.setblocking(False)  # a child that does not read must not block us
    return process, ours


def _connect() -> socket.socket:
    """The line to the parent; signals are as in a fresh process, whatever the parent does with its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in (signal.SIGPROF, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    line = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return line


def _answer_all(line: socket.socket, answer: Callable[[Any], Any], at_most: int | None = None) -> NoReturn:
    """Answer until the parent is gone, or `at_most` questions; then end."""
    answered = 0
    while at_most is None or answered < at_most:
        questions, seconds = _next_message(line)
        for question in questions:
            signal.setitimer(signal.ITIMER_PROF, seconds)  # then the kernel's own action ends this process
            reply = answer(pickle.loads(question))
            signal.setitimer(signal.ITIMER_PROF, 0)
            _send(line, _ANSWER, reply)
        answered += len(questions)
    os._exit(_AGAIN)


def _next_message(line: socket.socket) -> Any:
    """What the parent sends next. Raises `_ParentGone` once it is gone, though another may hold its end."""
    poll, parent = select.poll(), os.getppid()
    poll.register(line, select.POLLIN)
    while not poll.poll(_ORPHAN_SECONDS * 1000):
        if os.getppid() != parent:
            raise _ParentGone
    _, size = _HEADER.unpack(_read_all(line, _HEADER.size))
    return pickle.loads(_read_all(line, size))


def _read_all(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        if not (part := line.recv(min(size - len(parts), _READ_BYTES))):
            raise _ParentGone
        parts += part
    return bytes(parts)


def _send(line: socket.socket, sort: int, message: Any) -> None:
    body = pickle.dumps(message)
    line.sendall(_HEADER.pack(sort, len(body)) + body)


def _in_a_fork(run: Callable[[], object], parent: int) -> int:
    """How a fork that runs `run` ends: its exit code, or minus the signal. Both end if `parent` does."""
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(ours)
            run()
        finally:
            os._exit(1)
    os.close(theirs)
    poll = select.poll()
    poll.register(ours, select.POLLIN)
    while not poll.poll(_ORPHAN_SECONDS * 1000):  # the fork's end closes with it
        if os.getppid() != parent:
            os.kill(process, signal.SIGKILL)
    os.close(ours)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _end_like(code: int) -> NoReturn:
    if code < 0:
        with contextlib.suppress(OSError):  # SIGKILL has no action to reset
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(abs(code))

"""A sandbox on another machine: the client of the service in `verifiers/sandbox/service.py`. Standard library only."""

import contextlib
import json
import os
import random
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.client import BadStatusLine, HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from verifiers.sandbox.errors import SandboxUnavailable
from verifiers.sandbox.types import Execution, Input, Limits, Program
from verifiers.sandbox.wire import (
    BODY_BYTES,
    MOST_INPUTS,
    Problem,
    input_to_json,
    reply_from_json,
    request_to_json,
)

TOKEN_VARIABLE = "K15_SANDBOX_TOKEN"

_CONNECT_SECONDS = 10.0
_IDLE_SECONDS = 20.0
"""A connection idle for longer is not used again: the service drops it after 30."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_BREAKS = 4
"""How often the reply may break off at one input before that input, which may be why, is given up."""
_AWAY_STATUSES = frozenset({429, 502, 503, 504})


class RemoteSandbox:
    """The sandboxes of the service at `url`, such as `http://127.0.0.1:8000`. For any number of threads at once.

    The interface is that of `LocalSandbox`, but the service runs ahead of the caller: it works on inputs whose
    executions nobody has asked for yet, until the iterator is closed.

    `token`: what the service was started with; None takes that of the environment variable
    `K15_SANDBOX_TOKEN`, if there is one. `patience`: where the service is busy, away or restarting, an input
    is tried again for so many seconds, and then has the outcome `failed`. `silence`: a reply without a byte
    for so many seconds has broken off; a service sends one every 5. An execution that has arrived is never
    asked for again. Raises `ValueError` for what is no such URL or token.
    """

    def __init__(
        self, url: str, token: str | None = None, patience: float = 120.0, silence: float = 30.0
    ) -> None:
        self.url = url.rstrip("/")
        self._https, self._host, self._port, self._path = _parts(self.url)
        token = os.environ.get(TOKEN_VARIABLE) if token is None else token
        if token is not None and not (token.isascii() and token.isprintable()):
            raise ValueError("The token must be printable ASCII on one line.")
        self._headers = {"Content-Type": "application/json", "Accept": "application/x-ndjson"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._patience, self._silence = patience, silence
        self._closed = False
        self._own()

    def run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        """See `Sandbox.run`."""
        room = BODY_BYTES - len(request_to_json(program, (), limits))
        if room < 0:
            raise ValueError(f"The program is too large: a request may have {BODY_BYTES:,} bytes.")
        return self._run(program, inputs, limits, room)

    def health(self) -> dict[str, Any]:
        """What the service says of itself. Raises `SandboxUnavailable` where it does not answer as one."""
        try:
            with self._reply("GET", "/health", b"") as response:
                told = json.loads(response.read())
                if response.status == 200 and isinstance(told, dict) and told.get("ready") is True:
                    return told
                reason = f"It answers with status {response.status}."
        except (_Away, _Broke) as error:
            reason = str(error)
        except (OSError, HTTPException, ValueError) as error:
            reason = _why(error)
        raise SandboxUnavailable(f"There is no sandbox service ready at {self.url}: {reason}")

    def close(self) -> None:
        """See `Sandbox.close`."""
        self._closed = True
        if self._owner == os.getpid():
            for connection in [*self._idle, *self._busy]:
                _drop(connection)

    def __enter__(self) -> "RemoteSandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- Inputs ---------------------------------------------------------------------------------------------

    def _run(
        self, program: Program, inputs: Iterable[Input], limits: Limits, room: int
    ) -> Iterator[Execution]:
        for batch in _batches(inputs, room):
            yield from self._batch(batch, lambda rest: request_to_json(program, rest, limits))

    def _batch(
        self, inputs: Sequence[bytes], request: Callable[[Sequence[bytes]], bytes]
    ) -> Iterator[Execution]:
        """One execution for each of the inputs, in as many requests as it takes."""
        done = breaks = tries = 0
        progress = time.monotonic()
        while done < len(inputs):
            if self._closed:
                yield from _failed("The sandbox is closed.", len(inputs) - done)
                return
            # What broke off may have taken executions along, so that which input is why shows one by one.
            rest = inputs[done:] if breaks == 0 else inputs[done : done + 1]
            try:
                for execution in self._ask(request(rest), len(rest)):
                    done, breaks, tries = done + 1, 0, 0
                    yield execution
                    progress = time.monotonic()
                continue
            except _Unreadable as error:
                yield from _failed(str(error), len(inputs) - done)
                return
            except _Away as error:
                reason, longest = str(error), error.longest
            except _Broke as error:
                reason, longest, breaks = str(error), _LONGEST_PAUSE, breaks + 1
            if self._closed:
                continue
            pause = random.uniform(0.5, 1.0) * min(_FIRST_PAUSE * 2**tries, longest)
            tries = min(tries + 1, 30)
            if time.monotonic() + pause - progress > self._patience:
                reason = f"The service at {self.url} stayed away for {self._patience:g} seconds: {reason}"
                yield from _failed(reason, len(inputs) - done)
                return
            if breaks == _BREAKS:
                done, breaks = done + 1, 0
                yield from _failed(f"The service broke off {_BREAKS} times at this input: {reason}", 1)
            time.sleep(pause)

    def _ask(self, body: bytes, count: int) -> Iterator[Execution]:
        """The executions of one request, as many as arrive. Raises `_Away`, `_Broke`, `_Unreadable`, `ValueError`."""
        owner = os.getpid()
        with self._reply("POST", "/run", body) as response:
            if response.status != 200:
                raise self._refusal(response)
            lines = _lines(response)
            for left in range(count - 1, -1, -1):
                execution = self._next(lines)
                if (
                    left == 0
                ):  # the connection is free before the caller, who may not come back, gets the last
                    self._finish(lines)
                else:
                    yield execution
                if os.getpid() != owner:
                    raise _Broke("This process was forked, and the reply is the other's.")
        yield execution

    def _next(self, lines: Iterator[bytes]) -> Execution:
        try:
            line = next(lines, None)
        except (OSError, HTTPException) as error:
            raise _Broke(_why(error)) from None
        if line is None:
            raise _Broke("The reply ended early.")
        try:
            said = reply_from_json(line)
        except ValueError as error:
            raise _Unreadable(
                f"The service at {self.url} does not speak as this version of its client expects: {error}"
            ) from None
        if isinstance(said, Problem):
            raise _Broke(said.error) if said.again else ValueError(said.error)
        return said

    def _finish(self, lines: Iterator[bytes]) -> None:
        """Read to the end of the reply, which has all its executions; where that fails, they are here all the same."""
        with contextlib.suppress(OSError, HTTPException):
            for _ in lines:
                raise _Unreadable(f"The service at {self.url} sends more executions than there are inputs.")

    def _refusal(self, response: HTTPResponse) -> Exception:
        """What a status other than 200 means."""
        status = response.status
        try:
            said = reply_from_json(response.read(1 << 16))
        except (OSError, HTTPException, ValueError):
            said = None
        told = said.error if isinstance(said, Problem) else f"It answers with status {status}."
        if status in _AWAY_STATUSES:
            after = response.headers.get("Retry-After", "")
            seconds = float(after) if after.isdecimal() else 0.0
            return _Away(told, max(seconds, _LONGEST_PAUSE))
        if status >= 500:
            return _Broke(told)
        if isinstance(said, Problem):
            return ValueError(said.error)
        return ValueError(f"{self.url} answers with status {status}: it is no sandbox service.")

    # --- Connections ----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _reply(self, method: str, path: str, body: bytes) -> Iterator[HTTPResponse]:
        """The reply to a request. Its connection is kept if it is read to its end, and dropped otherwise."""
        self._own()
        connection, response = self._send(method, path, body)
        try:
            yield response
        finally:
            self._busy.discard(connection)
            whole = response.isclosed() and connection.sock is not None
            if whole and connection.owner == os.getpid() and not self._closed:
                connection.idle_since = time.monotonic()
                self._idle.append(connection)
            else:
                _drop(connection)

    def _send(self, method: str, path: str, body: bytes) -> tuple["_Connection", HTTPResponse]:
        while True:
            connection = self._idle_connection()
            used = connection is not None
            if connection is None:
                connection = self._connect()
            self._busy.add(connection)
            try:
                sent = False
                connection.http.request(method, self._path + path, body or None, self._headers)
                sent = True
                return connection, connection.http.getresponse()
            except (OSError, HTTPException) as error:
                self._busy.discard(connection)
                _drop(connection)
                if used and isinstance(error, ConnectionError | BadStatusLine):
                    continue  # the service had dropped it
                raise _Broke(_why(error)) if sent else _Away(_why(error)) from None
            except BaseException:
                self._busy.discard(connection)
                _drop(connection)
                raise

    def _connect(self) -> "_Connection":
        kind = HTTPSConnection if self._https else HTTPConnection
        http = kind(self._host, self._port, timeout=_CONNECT_SECONDS)
        try:
            http.connect()
        except OSError as error:
            if isinstance(error, ValueError):  # a certificate that does not hold: waiting mends nothing
                raise ValueError(f"The certificate of {self.url} does not hold: {error}.") from None
            raise _Away(_why(error)) from None
        http.sock.settimeout(self._silence)
        return _Connection(http)

    def _idle_connection(self) -> "_Connection | None":
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if time.monotonic() - connection.idle_since < _IDLE_SECONDS and not _has_news(connection.sock):
                return connection
            _drop(connection)
        return None

    def _own(self) -> None:
        """In a fork of the process that made the connections, start without any; it keeps its own."""
        if getattr(self, "_owner", None) != os.getpid():
            # Both are changed by single operations only, which need no lock that a fork could copy locked.
            self._idle: deque[_Connection] = deque()
            self._busy: set[_Connection] = set()
            self._owner = os.getpid()


class _Connection:
    """A connection of this process, and when it was last used."""

    __slots__ = ("http", "idle_since", "owner")

    def __init__(self, http: HTTPConnection) -> None:
        self.http = http
        self.owner = os.getpid()
        self.idle_since = 0.0

    @property
    def sock(self) -> socket.socket | None:
        return self.http.sock


class _Away(Exception):
    """The service cannot be had now; `longest` is the longest pause, in seconds, before trying again."""

    def __init__(self, reason: str, longest: float = _LONGEST_PAUSE) -> None:
        super().__init__(reason)
        self.longest = longest


class _Broke(Exception):
    """The reply, or the rest of it, did not arrive."""


class _Unreadable(Exception):
    """The reply is not what a service sends."""


def _parts(url: str) -> tuple[bool, str, int | None, str]:
    """Whether it is HTTPS, host, port and path. Raises `ValueError`."""
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        found, port = urlsplit(""), None
    if found.scheme not in ("http", "https") or not found.hostname or found.query or found.fragment:
        raise ValueError(f"{url!r} is no URL of a sandbox service; one is http://127.0.0.1:8000.")
    return found.scheme == "https", found.hostname, port, found.path.rstrip("/")


def _batches(inputs: Iterable[Input], room: int) -> Iterator[list[bytes]]:
    """The inputs as JSON, in as few requests as they fit in; behind those, raises `ValueError` for what is none."""
    batch: list[bytes] = []
    size = 0
    for one in inputs:
        try:
            text = input_to_json(one)
            if len(text) > room:
                raise ValueError(f"An input is too large: a request may have {BODY_BYTES:,} bytes.")
        except ValueError:
            yield batch
            raise
        if len(batch) == MOST_INPUTS or size + len(text) >= room:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text) + 1
    yield batch


def _lines(response: HTTPResponse) -> Iterator[bytes]:
    """The whole lines of a reply but for empty ones; what a broken reply ends with is none."""
    kept = bytearray()
    while data := response.read1(1 << 16):
        kept += data
        if b"\n" in data:
            *lines, rest = bytes(kept).split(b"\n")
            kept = bytearray(rest)
            yield from filter(None, lines)


def _failed(reason: str, count: int) -> Iterator[Execution]:
    for _ in range(count):
        yield Execution("failed", reason)


def _has_news(sock: socket.socket | None) -> bool:
    """Whether there is something to read on an idle connection: its end."""
    if sock is None:
        return True
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


def _drop(connection: _Connection) -> None:
    """End the connection for the service too, though a fork of this process may hold a copy of it.

    What is itself such a copy is only let go of.
    """
    if connection.sock is not None and connection.owner == os.getpid():
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
    connection.http.close()


def _why(error: Exception) -> str:
    """An error of the connection as a sentence."""
    if isinstance(error, TimeoutError):
        return "It does not answer in time."
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{text.rstrip('.')}."

"""The sandbox as a service: an ASGI application with `GET /health` and `POST /run`.

Needs the extra `service` (starlette, uvicorn). docs/sandbox.md has the protocol, `verifiers/sandbox/wire.py` its JSON.

A request passes: token, sort of content, size; a seat, of which there are as many as slots and places in the queue;
its body, within a time; a slot; and out it goes, line by line. A client that is slow to send holds a seat for a
while, one that is slow to read no slot, and one that leaves neither.
"""

import asyncio
import contextlib
import hmac
import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from verifiers.sandbox import wire
from verifiers.sandbox.service_reply import Facts, Gone, Reply, refused
from verifiers.sandbox.service_slots import Job, Slots
from verifiers.sandbox.types import Limits, Sandbox
from verifiers.sandbox.wire import Problem

_KILL_SECONDS = 0.25
"""What a program gets to end by itself after its client has left: less trouble than a new sandbox."""
_SMALL_BYTES = 1 << 16
"""A request up to here is parsed at once; a larger one in a thread, as it would keep the others waiting."""
_STOPPING = Problem("The service is stopping.", again=True)
_STATUS = {"refused": 400, "fault": 500, "stopping": 503}
_MOST = Limits(
    cpu_seconds=60.0,
    wall_seconds=120.0,
    memory_bytes=1 << 32,
    processes=256,
    open_files=1024,
    output_bytes=1 << 24,
    scratch_bytes=1 << 30,
)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a service gives at most. No request can ask for more."""

    workers: int = field(default_factory=_cores)
    """Programs that run at once."""
    queue: int = 256
    """Requests that wait for a worker; one more is answered with 503."""
    inputs: int = wire.MOST_INPUTS
    body_bytes: int = wire.BODY_BYTES
    limits: Limits = _MOST
    connections: int = 1_024
    head_seconds: float = 30.0
    """For the head of a request to arrive, from the opening of the connection or the end of the last reply."""
    body_seconds: float = 30.0
    """For the body to arrive."""
    heartbeat_seconds: float = 5.0
    """After so long without an execution the reply has an empty line."""
    buffer_bytes: int = 1 << 23
    """Of a reply that is kept for its client, while the program runs on."""
    stall_seconds: float = 5.0
    """A program waits so long, in all, for its client to read; then the request ends."""
    send_seconds: float = 30.0
    """A connection that takes nothing for so long is cut off."""
    stop_seconds: float = 30.0
    """What runs when the service is told to stop has so long to finish."""

    def __post_init__(self) -> None:
        for name, least in (("workers", 1), ("queue", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"Bounds.{name} is {getattr(self, name)}; it must be at least {least}.")


class Service:
    """The application. `make` makes a sandbox, which runs one program at a time: each worker has its own.

    `token` None lets everyone in, and is for loopback only: then a request must name this machine as its host,
    so that no web page can reach the service through a name of its own. `about` is told by `/health`.
    """

    def __init__(
        self,
        make: Callable[[], Sandbox],
        bounds: Bounds | None = None,
        token: str | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.bounds = bounds or Bounds()
        self.slots = Slots(make, self.bounds.workers)
        self._token = None if token is None else token.encode()
        self._about = dict(about or {})
        self._seats = self.bounds.workers + self.bounds.queue
        self._stopping = False

    def app(self) -> Starlette:
        """The ASGI application; its end closes the sandboxes."""

        @contextlib.asynccontextmanager
        async def lifespan(app: Starlette) -> Any:
            yield
            await asyncio.to_thread(self.slots.close)

        return Starlette(
            routes=[Route("/health", self._health, methods=["GET"]), Route("/run", _Run(self))],
            exception_handlers={HTTPException: _http_error, Exception: _bug},
            lifespan=lifespan,
        )

    def stop(self) -> None:
        """Take no more requests and send away those that wait; what runs goes on."""
        self._stopping = True
        self.slots.stop_waiting(_STOPPING)

    async def _health(self, request: HttpRequest) -> Response:
        ready = not self._stopping and not self.slots.failing
        told = {"ready": ready} if self.unwelcome(request) else {"ready": ready, **self._state()}
        return JSONResponse(told, 200 if ready else 503)

    def _state(self) -> dict[str, Any]:
        running, queued = self.slots.running, self.slots.queued
        counts = {
            "workers": self.bounds.workers,
            "running": running,
            "queue": self.bounds.queue,
            "queued": queued,
        }
        bounds = {name: asdict(self.bounds)[name] for name in ("inputs", "body_bytes", "limits")}
        return {"version": version(), **counts, "bounds": bounds, **self._about}

    def unwelcome(self, request: HttpRequest) -> Response | None:
        """A refusal, unless the request has the token or, where there is none, names this machine."""
        if self._token is None:
            if is_loopback(_host(request.headers.get("host", ""))):
                return None
            return refused(
                403, "Without a token this service answers to the host 127.0.0.1 or localhost only."
            )
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        if scheme.lower() == "bearer" and hmac.compare_digest(given, self._token):
            return None
        sentence = (
            "The token is wrong." if token else "This service needs a token: Authorization: Bearer TOKEN."
        )
        return refused(401, sentence, {"WWW-Authenticate": "Bearer"})

    @contextlib.contextmanager
    def seat(self) -> Iterator[bool]:
        """Whether there is a seat; if so, it is held for the block."""
        if self._seats == 0 or self._stopping:
            yield False
            return
        self._seats -= 1
        try:
            yield True
        finally:
            self._seats += 1

    def why_full(self) -> Problem:
        """What to say to a request that got no seat."""
        if self._stopping:
            return _STOPPING
        return Problem(
            f"All {self.bounds.workers} workers are busy and {self.bounds.queue} requests wait.", True
        )


class _Run:
    """`POST /run`: plain ASGI, for the reply is sent as it is made."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        facts = Facts(scope)
        reply = Reply(scope, send, self._service.bounds.send_seconds)
        try:
            refusal = self._check(HttpRequest(scope, receive))
            if refusal is not None:
                facts.end = "refused"
                await refusal(scope, receive, reply.send)
                return
            with self._service.seat() as seated:
                if not seated:
                    facts.end = "full"
                    await reply.problem(503, self._service.why_full())
                    return
                await self._serve(receive, reply, facts)
        except Gone as error:
            facts.end = str(error)
            reply.abort()
            await asyncio.sleep(0)  # so that the server sees the connection's end before ours
        finally:
            facts.log(reply.status)

    def _check(self, request: HttpRequest) -> Response | None:
        if request.method != "POST":
            return refused(405, "Programs are sent with POST.", {"Allow": "POST"})
        if refusal := self._service.unwelcome(request):
            return refusal
        sort = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sort != "application/json":  # a web page of another site cannot send that
            return refused(415, "The request must be of Content-Type application/json.")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._service.bounds.body_bytes:
            return self._too_large()
        return None

    def _too_large(self) -> Response:
        most = self._service.bounds.body_bytes
        return refused(413, f"The request has more than {most:,} bytes.", {"Connection": "close"})

    async def _serve(self, receive: Receive, reply: Reply, facts: Facts) -> None:
        bounds = self._service.bounds
        try:
            async with asyncio.timeout(bounds.body_seconds):
                body = await _body(receive, bounds.body_bytes)
        except TimeoutError:
            facts.end = "refused"
            sentence = f"The request did not arrive within {bounds.body_seconds:g} seconds."
            await reply.problem(408, Problem(sentence), {"Connection": "close"})
            return
        if body is None:
            facts.end = "refused"
            await self._too_large()({"type": "http"}, receive, reply.send)
            return
        try:
            small = len(body) < _SMALL_BYTES
            request = self._read(body) if small else await asyncio.to_thread(self._read, body)
        except ValueError as error:
            facts.end = "refused"
            await reply.problem(400, Problem(str(error)))
            return
        del body
        facts.language, facts.inputs = request.program.language, len(request.inputs)
        loop, news = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(news.set)

        job = Job(request, bounds.buffer_bytes, bounds.stall_seconds, wake)
        facts.job = job
        watch = loop.create_task(self._watch(receive, job))
        try:
            self._service.slots.submit(job)
            await self._stream(job, news, reply)
            facts.end = job.end or "client left"
        except asyncio.CancelledError:
            facts.end = "stopping"
            raise
        finally:
            watch.cancel()
            self._end(job)

    def _read(self, body: bytes) -> wire.Request:
        """The request in a body. Raises `ValueError`."""
        bounds = self._service.bounds
        request = wire.request_from_json(body)
        if len(request.inputs) > bounds.inputs:
            raise ValueError(
                f"`inputs` has {len(request.inputs):,} inputs; this service takes {bounds.inputs:,} at once."
            )
        if sentence := wire.exceeded(request.limits, bounds.limits):
            raise ValueError(sentence)
        return request

    async def _watch(self, receive: Receive, job: Job) -> None:
        """End the job when its client leaves."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._service.slots.stop(job, "client left")

    async def _stream(self, job: Job, news: asyncio.Event, reply: Reply) -> None:
        """Send what the job makes until it ends. Raises `Gone`."""
        heartbeat = self._service.bounds.heartbeat_seconds
        while True:
            try:
                async with asyncio.timeout(heartbeat):
                    await news.wait()
            except TimeoutError:
                await reply.lines(b"\n")
                continue
            news.clear()
            end = job.end  # before what it has made by then is taken
            if end in ("client left", "client too slow"):
                raise Gone(end)
            if lines := job.take():
                await reply.lines(lines)
            if end is not None:
                break
        if job.problem is None:
            await reply.lines(b"", last=True)
        else:
            await reply.problem(_STATUS[end], job.problem)

    def _end(self, job: Job) -> None:
        """Whatever has happened: nothing of the job runs on."""
        if job.end is None:
            self._service.slots.stop(job, "client left")
        if job.end in ("client left", "client too slow", "stopping"):
            loop, kill = asyncio.get_running_loop(), self._service.slots.kill
            loop.call_later(_KILL_SECONDS, lambda: loop.run_in_executor(None, kill, job))


async def _body(receive: Receive, most: int) -> bytes | None:
    """The body; None where it is too large. Raises `Gone` if the client leaves."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone("client left")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


async def _http_error(request: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refused(error.status_code, "There are GET /health and POST /run.", error.headers)


async def _bug(request: HttpRequest, error: Exception) -> Response:
    return JSONResponse(asdict(Problem("The service failed; its log says why.", again=True)), 500)


def _host(header: str) -> str:
    """The host in a Host header; empty where there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether the name or address is this machine's own and no other's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def version() -> str:
    """The version of this project."""
    try:
        return metadata.version("k15-repro")
    except metadata.PackageNotFoundError:
        return "unknown"

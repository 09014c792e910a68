"""One reply of the service, and the line that the log has about it."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Message, Scope, Send

from verifiers.sandbox import wire
from verifiers.sandbox.service_slots import Job
from verifiers.sandbox.wire import Problem

LOG = logging.getLogger("verifiers.sandbox.service")


class Gone(Exception):
    """There is nobody to reply to; the message says why."""


class Reply:
    """One reply: the first thing that is known decides its status."""

    def __init__(self, scope: Scope, send: Send, seconds: float) -> None:
        self._scope, self._send, self._seconds = scope, send, seconds
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """As ASGI's. Raises `Gone` where the client does not take it in time."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except (TimeoutError, OSError):
            raise Gone("client too slow") from None

    async def lines(self, data: bytes, last: bool = False) -> None:
        """Lines of a reply to a request that is served."""
        if self.status is None:
            headers = [
                (b"content-type", b"application/x-ndjson"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
            ]
            await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": data, "more_body": not last})

    async def problem(self, status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        """End with a problem: as the status, or as the last line where there is a status."""
        if self.status is not None:
            await self.lines(wire.problem_to_json(problem), last=True)
            return
        again = {"Retry-After": "1"} if status == 503 else {}
        response = JSONResponse(asdict(problem), status, {**again, **(headers or {})})
        await response(self._scope, _nothing, self.send)

    def abort(self) -> None:
        """Drop the connection with all that waits to be sent."""
        if abort := self._scope.get("state", {}).get("abort"):
            abort()


class Facts:
    """What the log says about a request: nothing of the program itself."""

    def __init__(self, scope: Scope) -> None:
        self.started = time.monotonic()
        self.client = ":".join(map(str, scope.get("client") or ()))
        self.end = "fault"
        self.language: str | None = None
        self.inputs: int | None = None
        self.job: Job | None = None

    def log(self, status: int | None) -> None:
        """Write the line."""
        now, job = time.monotonic(), self.job
        found: dict[str, Any] = {"event": "run", "client": self.client, "status": status, "end": self.end}
        if job is not None:
            queued = (job.started or now) - self.started
            ran = 0.0 if job.started is None else (job.finished or now) - job.started
            found |= {"language": self.language, "inputs": self.inputs, "outcomes": job.outcomes}
            found |= {"queued_seconds": round(queued, 4), "run_seconds": round(ran, 4)}
        LOG.info({**found, "seconds": round(now - self.started, 4)})


def refused(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal: one sentence with its status."""
    return JSONResponse(asdict(Problem(sentence)), status, headers)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}

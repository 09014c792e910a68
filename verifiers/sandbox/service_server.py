"""The server of the service: uvicorn, with a time for the heads of requests, a graceful end and a log of JSON lines."""

import asyncio
import json
import logging
import signal
import socket
import sys
import time
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from verifiers.sandbox.service import Service, is_loopback
from verifiers.sandbox.service_reply import LOG


def serve(service: Service, host: str, port: int, token_given: bool) -> None:
    """Serve until SIGTERM or SIGINT; then let what runs finish, and leave nothing behind.

    Port 0 is any free one; the first line of the log has it. Raises `ValueError` where others than this machine
    could come without a token, or the port cannot be had; `SandboxUnavailable` where no sandbox starts.
    """
    check_host(host, token_given)
    listener = _listen(host, port)
    try:
        service.slots.start()
    except BaseException:
        listener.close()
        service.slots.close()
        raise
    bounds = service.bounds
    config = uvicorn.Config(
        service.app(),
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=bounds.connections,
        timeout_keep_alive=bounds.head_seconds,  # type: ignore[arg-type] # any number will do
        timeout_graceful_shutdown=bounds.stop_seconds,  # type: ignore[arg-type]
    )
    server = _Server(config, service)
    _log_to_stderr()
    name, number = listener.getsockname()[:2]
    url = f"http://[{name}]:{number}" if ":" in name else f"http://{name}:{number}"
    LOG.info({"event": "listening", "url": url, "workers": bounds.workers, "queue": bounds.queue})
    # Until uvicorn takes signals, and when it raises them once more in the end: SIGTERM is then no failure.
    signal.signal(signal.SIGTERM, lambda *_: setattr(server, "should_exit", True))
    try:
        server.run(sockets=[listener])
    finally:
        service.slots.close()
        LOG.info({"event": "stopped"})


def check_host(host: str, token_given: bool) -> None:
    """Raise `ValueError` where others than this machine could come without a token."""
    if not token_given and not is_loopback(host):
        raise ValueError(f"{host} can be reached from other machines: give a token with --token-file.")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise ValueError(f"{host}, port {port}, cannot be listened on: {error.strerror or error}.") from error


class _Server(uvicorn.Server):
    """Tells the service at once when it is to stop."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop: asyncio.AbstractEventLoop | None = None

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._service.stop)


class _Protocol(H11Protocol):
    """With a time for the head of a request, which uvicorn lacks, and a way to drop the connection."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        # asyncio does so only for sockets that name their protocol, which those of a given listener do not.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "abort": transport.abort}
        super().connection_made(transport)
        self._expect_a_request()

    def on_response_complete(self) -> None:
        self._expect_a_request()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _expect_a_request(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(self.timeout_keep_alive, self._too_late, self.cycle)

    def _too_late(self, last: object) -> None:
        if self.cycle is last:
            self.transport.abort()


class _JsonLines(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        said = (
            record.msg if isinstance(record.msg, dict) else {"event": "log", "message": record.getMessage()}
        )
        when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z"
        line = {"time": when, "level": record.levelname.lower(), **said}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    for name, level in (("verifiers.sandbox.service", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)

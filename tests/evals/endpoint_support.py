"""A chat-completions server in this process, and a clock that passes as one sleeps."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from evals.endpoint import Endpoint


@dataclass(frozen=True)
class Says:
    """An answer of the server. A body that is no bytes is sent as JSON; `drop` breaks the connection instead."""

    body: Any = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False


def completion(
    text: str | None, *, tokens: int = 5, prompt_tokens: int = 10, reason: str | None = "stop", **message: Any
) -> Says:
    return Says(
        {
            "id": "c1",
            "object": "chat.completion",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": reason,
                    "message": {"role": "assistant", "content": text, **message},
                }
            ],
            "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": tokens},
        }
    )


def error(status: int, message: str = "It is so.", code: str | None = None, **headers: str) -> Says:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Says({"error": {"message": message, "code": code}}, status, names)


@dataclass
class Server:
    """Answers each request by `answer(body, number)`, numbered from 0 as they come."""

    answer: Callable[[dict[str, Any], int], Says]
    base_url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def asked(self) -> list[str]:
        """The last message's text of each request."""
        return [body["messages"][-1]["content"] for body in self.bodies]

    def endpoint(self, **settings: Any) -> Endpoint:
        return Endpoint(**{"base_url": self.base_url, "model": "m"} | settings)

    def take(self, body: dict[str, Any], headers: Mapping[str, str]) -> Says:
        with self._lock:
            number = len(self.bodies)
            self.bodies.append(body)
            self.headers.append(headers)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            return self.answer(body, number)
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def serving(answer: Callable[[dict[str, Any], int], Says]) -> Iterator[Server]:
    server = Server(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v1/chat/completions"
            said = server.take(body, {name.lower(): value for name, value in self.headers.items()})
            if said.drop:
                self.close_connection = True
                return
            content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_: Any) -> None:  # a client that has gone
            pass

    with Quiet(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        server.base_url = f"http://127.0.0.1:{http.server_address[1]}/v1"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


class Clock:
    """Time that passes in `sleep` alone, and there at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)

"""A service in a process of its own, as the tests need it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
FAKE = Path(__file__).with_name("fake_sandbox.py")


class Running:
    """A started service: its URL, its process and what it has logged."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "K15_SANDBOX_TOKEN"}
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.log: list[dict[str, Any]] = []
        self.other: list[str] = []
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._listening.wait(60) or not self.log:
            self.process.kill()
            raise AssertionError(f"The service did not start: {self.other}")
        self.url: str = self.log[0]["url"]
        self.port = urlsplit(self.url).port

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.other.append(line)
                continue
            if self.log[-1].get("event") == "listening":
                self._listening.set()
        self._listening.set()

    def runs(self) -> list[dict[str, Any]]:
        """The log lines of requests."""
        return [line for line in list(self.log) if line.get("event") == "run"]

    def health(self, token: str | None = None) -> dict[str, Any]:
        status, body = self.get("/health", token)
        assert status == 200
        return body

    def get(self, path: str, token: str | None = None) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=bearer(token))
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        return response.status, body

    def post(self, body: Any, headers: dict[str, str] | None = None, path: str = "/run") -> "Answer":
        connection = self.ask(body, headers, path)
        response = connection.getresponse()
        answer = Answer(response)
        connection.close()
        return answer

    def ask(self, body: Any, headers: dict[str, str] | None = None, path: str = "/run") -> HTTPConnection:
        """The connection on which a request was sent and no reply read."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request("POST", path, data, {"Content-Type": "application/json", **(headers or {})})
        return connection

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code, and nothing that it started is left."""
        children = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        self._reader.join(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert eventually(lambda: not any(Path("/proc", str(pid)).exists() for pid in children))
        return code


class Answer:
    """A reply that was read to its end."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()
        self.lines = [json.loads(line) for line in self.text.splitlines() if line]

    @property
    def error(self) -> str:
        """The one sentence of a refusal."""
        assert len(self.lines) == 1
        assert set(self.lines[0]) == {"error", "again"}
        sentence: str = self.lines[0]["error"]
        assert "\n" not in sentence
        assert sentence[-1] == "."
        assert "Traceback" not in sentence
        return sentence


def start_fake(port: int = 0, token: str | None = None, host: str = "127.0.0.1", **bounds: Any) -> Running:
    settings = {"port": port, "token": token, "host": host, "bounds": {"workers": 2, **bounds}}
    return Running([sys.executable, str(FAKE), json.dumps(settings)])


def bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def request(source: str, *inputs: str, **more: Any) -> dict[str, Any]:
    """A request for the fake sandbox."""
    import base64

    encoded = [{"stdin": base64.b64encode(text.encode()).decode()} for text in inputs]
    return {"program": {"source": source}, "inputs": encoded, **more}


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def descendants(pid: int) -> list[int]:
    """The processes that descend from `pid`."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found, new = [], [pid]
    while new:
        new = [child for one in new for child in parents.get(one, [])]
        found += new
    return found

"""The process's own sandboxes: the local one, and the clients of services."""

import atexit
import os
import threading
from typing import TYPE_CHECKING

from verifiers.sandbox.types import Sandbox

if TYPE_CHECKING:
    from verifiers.sandbox.local import LocalSandbox


class _Own:
    """The sandbox of this process, and of a fork of it in turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sandbox: LocalSandbox | None = None
        self._clients: dict[str, Sandbox] = {}
        os.register_at_fork(after_in_child=self._forget)

    def local(self) -> Sandbox:
        """Made when first asked for, and anew where somebody closed it."""
        with self._lock:
            if self._sandbox is None or self._sandbox.closed:
                from verifiers.sandbox.local import LocalSandbox

                self._sandbox = LocalSandbox()
                atexit.register(self._sandbox.close)
            return self._sandbox

    def client(self, url: str) -> Sandbox:
        """One for each service, so that its connections are used again."""
        with self._lock:
            if url not in self._clients:
                from verifiers.sandbox.client import RemoteSandbox

                self._clients[url] = RemoteSandbox(url)
                atexit.register(self._clients[url].close)
            return self._clients[url]

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._sandbox = None
        self._clients = {}


_own = _Own()


def shared(url: str | None = None) -> Sandbox:
    """This process's local sandbox, made when first asked for and closed at exit; or the service at `url`.

    A fork of the process gets one of its own. Not for a `with` block: others use it too.
    Raises `SandboxUnavailable` as `LocalSandbox` does.
    """
    return _own.local() if url is None else _own.client(url)

"""Start processes from a thread that lasts.

The kernel ends a process that asked to die with its parent when the *thread* that started it ends, so that
a caller's short-lived thread must not start what is kept for others.
"""

import os
import queue
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future

_Order = tuple["Future[subprocess.Popen[bytes]]", list[str], tuple[int, ...], int]


class Starter:
    """Starts processes that die with this one. For any thread; a fork of this process gets a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: queue.SimpleQueue[_Order] | None = None
        self._owner = 0

    def start(self, command: Sequence[str], kept: Sequence[int], stderr: int) -> "subprocess.Popen[bytes]":
        """The started process, which inherits the descriptors `kept`. Raises `OSError`."""
        started: Future[subprocess.Popen[bytes]] = Future()
        self._queue().put((started, list(command), tuple(kept), stderr))
        return started.result()

    def _queue(self) -> "queue.SimpleQueue[_Order]":
        with self._lock:
            if self._orders is None or self._owner != os.getpid():
                self._orders, self._owner = queue.SimpleQueue(), os.getpid()
                threading.Thread(
                    target=_serve, args=(self._orders,), name="sandbox starter", daemon=True
                ).start()
            return self._orders


def _serve(orders: "queue.SimpleQueue[_Order]") -> None:
    while True:
        started, command, kept, stderr = orders.get()
        try:
            process = subprocess.Popen(
                command,
                # Pipes, as programs have them: what an interpreter takes its standard streams for at its start holds.
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                pass_fds=kept,
                env={"PYTHONHASHSEED": "0"},
            )
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
        except BaseException as error:
            started.set_exception(error)
        else:
            started.set_result(process)

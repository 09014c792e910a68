"""Start a server: in bubblewrap, or, where the caller insists, without."""

import contextlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from verifiers.sandbox import bubblewrap
from verifiers.sandbox.spawn import Starter
from verifiers.sandbox.types import Limit

PROGRAM_USER = 65534
"""Whom programs run as where the caller is root."""


class WorkerDied(Exception):
    """The server could not start, or ended before it answered; says how.

    `limit` is `memory` where the kernel has counted that what ran there met its bound on memory, so that the
    program's end is known. `suspect` says that the program may have brought this about: it was running, and its
    keeper ended alone, or gave no answer in time, or could be reached. `suspect` is what to call that end.
    """

    def __init__(
        self,
        reason: str,
        limit: Literal["memory"] | None = None,
        suspect: Literal["killed", "wall"] | None = None,
    ) -> None:
        super().__init__(reason)
        self.limit: Limit | None = limit
        self.suspect = suspect


def in_bubblewrap(
    program: str, starter: Starter, lines: tuple[int, ...], log: int, place: Callable[[int], None]
) -> tuple["subprocess.Popen[bytes]", int]:
    """The process of bubblewrap, and the process id of the server within it, which `place` is told at once.

    What is wrong is written to the file `log`. Raises `OSError` and `WorkerDied`.
    """
    told, tells = os.pipe()
    held, lets_go = os.pipe()
    try:
        try:
            root = os.geteuid() == 0
            options = ["--info-fd", str(tells), "--userns-block-fd" if root else "--block-fd", str(held)]
            whole = bubblewrap.command(program, _serve("/sandbox", lines), root)
            process = starter.start([whole[0], *options, *whole[1:]], (*lines, tells, held), log)
        finally:
            os.close(tells)
            os.close(held)
        server = _read_process_id(told)
        if server is None:
            process.wait()
            raise WorkerDied(said(log) or f"bubblewrap ended with code {process.returncode}")
        try:
            place(server)
            if root:
                _map_users(server)
        except OSError as error:
            process.kill()
            process.wait()
            raise WorkerDied(f"bubblewrap cannot be given its user: {error}") from None
        os.write(lets_go, b"1")
    finally:
        os.close(told)
        os.close(lets_go)
    return process, server


def bare(starter: Starter, lines: tuple[int, ...], log: int) -> tuple["subprocess.Popen[bytes]", int]:
    """The process of a server without namespaces, and its process id. Raises `OSError`."""
    process = starter.start(_serve(str(bubblewrap.INSIDE.parent), lines), lines, log)
    return process, process.pid


def said(log: int) -> str:
    """The last line that a server or its bubblewrap has written of what is wrong."""
    size = os.fstat(log).st_size
    text = os.pread(log, 2000, max(0, size - 2000)).decode("utf-8", "replace")
    return "".join(text.strip().splitlines()[-1:])


def _serve(folder: str, lines: tuple[int, ...]) -> list[str]:
    """The server's command line. Without -I, which would have each server hash texts in a way of its own."""
    code = f"import sys; sys.path.append({folder!r}); from inside.zygote import serve; serve{lines}"
    return [bubblewrap.python(), "-s", "-P", "-S", "-B", "-X", "utf8", "-c", code]


def _read_process_id(told: int) -> int | None:
    text = b""
    while part := os.read(told, 4096):
        text += part
        with contextlib.suppress(ValueError):  # not all of it is there yet
            return int(json.loads(text)["child-pid"])
    return None


def _map_users(server: int) -> None:
    """Root inside is root outside, who sets the sandbox up; programs run as a user who owns nothing."""
    for kind in ("uid_map", "gid_map"):
        Path("/proc", str(server), kind).write_text(f"0 0 1\n{PROGRAM_USER} {PROGRAM_USER} 1\n")

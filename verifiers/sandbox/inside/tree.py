"""The processes that this one has started, and that those have, as /proc tells of them."""

# Part of every run, where pathlib takes time.
# ruff: noqa: PTH123, PTH208

import contextlib
import os
import signal
from typing import NamedTuple

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """One of them. `ticks` of processor time are its own and those of its children that it has waited for."""

    id: int
    ticks: int


def descendants() -> list[Process]:
    """All of them that there are at this moment."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
                parents[int(name)] = int(fields[1])
                ticks[int(name)] = sum(map(int, fields[11:15]))
    ours = {os.getpid()}
    while found := {process for process, parent in parents.items() if parent in ours and process not in ours}:
        ours |= found
    return [Process(process, ticks[process]) for process in ours if process != os.getpid()]


def kill(first_of_namespace: bool) -> None:
    """Kill all of them that there are at this moment: whoever is first of a pid namespace can at one blow."""
    with contextlib.suppress(ProcessLookupError):
        if first_of_namespace:
            os.kill(-1, signal.SIGKILL)
        else:
            for process in descendants():
                os.kill(process.id, signal.SIGKILL)

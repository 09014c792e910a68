"""What sandboxes have on this machine, as seen from outside: for tests of what is left behind."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def servers(ancestor: int) -> list[int]:
    """Process ids of the servers, and their supervisors and programs, below a process."""
    return [process for process in descendants(ancestor) if b"inside.zygote" in _read(process, "cmdline")]


def descendants(ancestor: int) -> list[int]:
    """Process ids of all below a process, parents first."""
    parents = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit() and (stat := _read(int(name), "stat")):
            parents[int(name)] = int(stat.rpartition(b")")[2].split()[1])
    found = [ancestor]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found[1:]


def groups(process: int) -> list[Path]:
    """The cgroups that a process's sandboxes have made."""
    return list(Path("/sys/fs/cgroup").glob(f"**/k15-sandbox-{process}-*"))


def folders() -> list[Path]:
    """The temporary folders of sandboxes without bubblewrap."""
    return list(Path(tempfile.gettempdir()).glob("k15-sandbox-*"))


def mounts() -> str:
    """What is mounted."""
    return Path("/proc/self/mountinfo").read_text()


def wait_until(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def _read(process: int, name: str) -> bytes:
    try:
        return Path("/proc", str(process), name).read_bytes()
    except OSError:
        return b""

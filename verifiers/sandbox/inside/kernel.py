"""The system calls that Python has no function for. All raise `OSError`."""

import ctypes
import os

NEW_MOUNTS = 0x00020000
NEW_IPC = 0x08000000
NEW_PIDS = 0x20000000

READ_ONLY, NO_SUID, NO_DEVICES, NO_EXECUTION, REMOUNT = 1, 2, 4, 8, 32
BIND, RECURSIVE, PRIVATE = 4096, 16384, 1 << 18
DETACH = 2

_SET_PARENT_DEATH_SIGNAL, _SET_DUMPABLE, _SET_SECCOMP = 1, 4, 22
_ADOPT_ORPHANS, _DROP_FROM_BOUNDING_SET, _SET_NO_NEW_PRIVILEGES, _AMBIENT, _CLEAR_AMBIENT = 36, 24, 38, 47, 4
_CAPABILITIES = 64
_CAPABILITIES_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def unshare(namespaces: int) -> None:
    """Leave the given namespaces for new ones."""
    _check(_libc.unshare(namespaces))


def children_join(pid_namespace: int) -> None:
    """Let the next children be born in the pid namespace behind this file descriptor."""
    _check(_libc.setns(pid_namespace, NEW_PIDS))


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """mount(2)."""
    _check(
        _libc.mount(
            source.encode(), target.encode(), kind.encode() or None, ctypes.c_ulong(flags), options.encode()
        )
    )


def unmount(target: str) -> None:
    """Take a mount away; what is in use goes when it no longer is."""
    _check(_libc.umount2(target.encode(), DETACH))


def set_dumpable(yes: bool) -> None:
    """Whether others of the same user may look into this process."""
    _prctl(_SET_DUMPABLE, int(yes))


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when its parent's thread ends."""
    _prctl(_SET_PARENT_DEATH_SIGNAL, signal_number)


def adopt_orphans() -> None:
    """Have those whose parents end become this process's children, if they descend from it."""
    _prctl(_ADOPT_ORPHANS, 1)


def forgo_capabilities_by_execution() -> None:
    """Have this process and its children get no capability by executing a file; they keep those they have."""
    for capability in range(_CAPABILITIES):
        _libc.prctl(
            _DROP_FROM_BOUNDING_SET, capability, 0, 0, 0
        )  # fails for those that the kernel does not know


def drop_privileges(uid: int | None) -> None:
    """Become `uid`, where one is given, without any capability and with no way to get one."""
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _prctl(_AMBIENT, _CLEAR_AMBIENT)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()))


def install_filter(instructions: bytes) -> None:
    """Have the kernel judge every further system call by a BPF program. Needs no-new-privileges."""
    program = _FilterProgram(len(instructions) // 8, instructions)
    _check(_libc.prctl(_SET_SECCOMP, 2, ctypes.byref(program), 0, 0))


def _prctl(option: int, value: int) -> None:
    _check(
        _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    )


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))

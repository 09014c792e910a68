"""The filter of system calls: a BPF program, put together by hand, for x86-64 and aarch64.

It lets a program do what programs do and refuses what reaches beyond itself: other processes' memory, mounts
and namespaces, keys, kernel modules, clocks, tracing, io_uring, and sockets other than local ones. What is
refused fails with EPERM, so that a program can go on without; only foreign system-call tables are death.

A node of a binary search over the numbers takes at most two steps, because the kernel tries every number when
a filter is installed, and that is done for every run.
"""

import errno
import platform
import struct
from collections.abc import Mapping, Sequence

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_X32 = 0x40000000

_NEW_NAMESPACES = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
_LOCAL_SOCKETS = 1
_TERMINAL_INPUT, _TERMINAL_PASTE = 0x5412, 0x541C

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Each with its number on x86-64 and on aarch64; None where the architecture has no such call.
_REFUSED: Mapping[str, tuple[int | None, int | None]] = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239), "migrate_pages": (256, 238),
    # mounts and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # parts of the kernel that few programs need and many attacks do
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "fanotify_init": (300, 262),
    "memfd_secret": (447, 447), "personality": (135, 92), "modify_ldt": (154, None), "lookup_dcookie": (212, 18),
    # the machine
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171), "sethostname": (170, 161),
    "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None), "vhangup": (153, 58),
}  # fmt: skip

# Memory that no rlimit counts; refused where no memory cgroup counts it either.
_UNCOUNTED_MEMORY: Mapping[str, tuple[int | None, int | None]] = {
    "memfd_create": (319, 279),
    "shmget": (29, 194),
}

_CLONE, _CLONE3, _SOCKET, _IOCTL = (56, 220), (435, 435), (41, 198), (16, 29)

_Instruction = tuple[int, int, int, int]


def program(memory_is_counted: bool, machine: str = "") -> bytes:
    """The filter for this machine (or `machine`); nothing where the architecture is another."""
    machine = machine or platform.machine()
    if machine not in _ARCHITECTURES:
        return b""
    column = list(_ARCHITECTURES).index(machine)
    refused = {**_REFUSED} if memory_is_counted else {**_REFUSED, **_UNCOUNTED_MEMORY}
    actions: dict[int, list[_Instruction]] = {
        number: [_error(errno.EPERM)]
        for numbers in refused.values()
        if (number := numbers[column]) is not None
    }
    actions[_CLONE3[column]] = [
        _error(errno.ENOSYS)
    ]  # its flags are out of reach; the C library then uses clone
    actions[_CLONE[column]] = [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        _error(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    actions[_SOCKET[column]] = [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, _LOCAL_SOCKETS),
        _error(errno.EAFNOSUPPORT),
        (_RETURN, 0, 0, _ALLOW),
    ]
    actions[_IOCTL[column]] = [
        (_LOAD, 0, 0, _SECOND_ARGUMENT),
        (_EQUAL, 1, 0, _TERMINAL_INPUT),
        (_EQUAL, 0, 1, _TERMINAL_PASTE),
        _error(errno.EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    instructions: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        _error(errno.ENOSYS),
        *_search(sorted(actions.items())),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)


def _search(actions: Sequence[tuple[int, list[_Instruction]]]) -> list[_Instruction]:
    """A binary search for the number in the register."""
    if len(actions) == 1:
        number, action = actions[0]
        return [(_EQUAL, 0, len(action), number), *action, (_RETURN, 0, 0, _ALLOW)]
    middle = len(actions) // 2
    below, above = _search(actions[:middle]), _search(actions[middle:])
    return [(_AT_LEAST, 0, len(above), actions[middle][0]), *above, *below]


def _error(number: int) -> _Instruction:
    return (_RETURN, 0, 0, _ERROR | number)

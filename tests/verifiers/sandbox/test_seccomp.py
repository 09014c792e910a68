"""The filter of system calls, run by an interpreter of its instructions written from the kernel's documentation."""

import errno
import struct

import pytest

from verifiers.sandbox import seccomp

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NEW_USER = 0x10000000
FORK = 17
THREAD = 0x003D0F00  # what the C library gives clone for a thread

# Numbers as in the kernel's tables for the two architectures.
NAMED = {
    "x86_64": {"read": 0, "write": 1, "openat": 257, "mmap": 9, "execve": 59, "fork": 57, "futex": 202, "prctl": 157,
               "getrandom": 318, "pidfd_open": 434, "rseq": 334, "close_range": 436, "kill": 62, "socketpair": 53,
               "ptrace": 101, "mount": 165, "unshare": 272, "bpf": 321, "io_uring_setup": 425, "keyctl": 250,
               "clone": 56, "clone3": 435, "socket": 41, "ioctl": 16, "memfd_create": 319, "shmget": 29},
    "aarch64": {"read": 63, "write": 64, "openat": 56, "mmap": 222, "execve": 221, "futex": 98, "prctl": 167,
                "getrandom": 278, "pidfd_open": 434, "rseq": 293, "close_range": 436, "kill": 129, "socketpair": 199,
                "ptrace": 117, "mount": 40, "unshare": 97, "bpf": 280, "io_uring_setup": 425, "keyctl": 219,
                "clone": 220, "clone3": 435, "socket": 198, "ioctl": 29, "memfd_create": 279, "shmget": 194},
}  # fmt: skip
REFUSED = ("ptrace", "mount", "unshare", "bpf", "io_uring_setup", "keyctl")
ALLOWED = ("read", "write", "openat", "mmap", "execve", "futex", "prctl", "getrandom", "pidfd_open", "rseq",
           "close_range", "kill", "socketpair")  # fmt: skip


def decide(program: bytes, number: int, architecture: int, *arguments: int) -> tuple[int, int]:
    """What the filter returns, and after how many instructions."""
    arguments = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=iIQ6Q", number, architecture, 0, *arguments)
    instructions = list(struct.iter_unpack("=HBBI", program))
    place = register = steps = 0
    while True:
        code, yes, no, value = instructions[place]
        place, steps = place + 1, steps + 1
        match code:
            case 0x20:
                [register] = struct.unpack_from("=I", data, value)
            case 0x15:
                place += yes if register == value else no
            case 0x35:
                place += yes if register >= value else no
            case 0x45:
                place += yes if register & value else no
            case 0x06:
                return value, steps
            case _:
                raise AssertionError(f"an instruction that filters cannot have: {code:#x}")


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request):
    return request.param


@pytest.fixture
def ask(machine):
    program = seccomp.program(True, machine)
    return lambda name, *arguments: decide(program, NAMED[machine][name], AUDIT[machine], *arguments)[0]


def test_what_programs_do_is_allowed(ask):
    assert {name: ask(name) for name in ALLOWED} == dict.fromkeys(ALLOWED, ALLOW)


def test_what_reaches_beyond_a_program_is_refused(ask):
    assert {name: ask(name) for name in REFUSED} == dict.fromkeys(REFUSED, ERROR | errno.EPERM)


def test_processes_and_threads_may_be_started_but_no_namespaces(ask):
    assert ask("clone", FORK) == ALLOW
    assert ask("clone", THREAD) == ALLOW
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, NEW_USER, 0x20000000, 0x40000000):
        assert ask("clone", flag | FORK) == ERROR | errno.EPERM
    assert ask("clone3") == ERROR | errno.ENOSYS


def test_sockets_are_local_or_none(ask):
    assert ask("socket", 1) == ALLOW
    for family in (0, 2, 10, 16, 17, 38, 40):
        assert ask("socket", family) == ERROR | errno.EAFNOSUPPORT


def test_nothing_can_be_typed_into_a_terminal(ask):
    assert ask("ioctl", 0, 0x5401) == ALLOW
    assert ask("ioctl", 0, 0x5412) == ask("ioctl", 0, 0x541C) == ERROR | errno.EPERM
    assert ask("ioctl", 0, (1 << 32) | 0x5412) == ERROR | errno.EPERM  # the kernel looks at the lower half


def test_other_tables_of_system_calls_are_shut(machine):
    program = seccomp.program(True, machine)
    other = AUDIT["aarch64" if machine == "x86_64" else "x86_64"]
    for architecture in (other, 0x40000003, 0):
        assert decide(program, 0, architecture)[0] == KILL
    assert decide(program, 0x40000000, AUDIT[machine])[0] == ERROR | errno.ENOSYS
    assert decide(program, -1, AUDIT[machine])[0] == ERROR | errno.ENOSYS


def test_memory_that_nothing_counts_is_refused_where_there_is_no_cgroup(machine):
    for counted, action in ((True, ALLOW), (False, ERROR | errno.EPERM)):
        program = seccomp.program(counted, machine)
        for name in ("memfd_create", "shmget"):
            assert decide(program, NAMED[machine][name], AUDIT[machine])[0] == action


def test_every_number_is_decided_in_few_steps(machine):
    program = seccomp.program(True, machine)
    assert len(program) // 8 < 4096  # the kernel's limit
    assert max(decide(program, number, AUDIT[machine])[1] for number in range(600)) < 20


def test_other_architectures_have_no_filter():
    assert seccomp.program(True, "riscv64") == b""

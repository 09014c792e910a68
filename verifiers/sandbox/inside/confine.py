"""Steps by which a fresh fork becomes a process that may run untrusted code."""

# Part of every run, where pathlib takes time.
# ruff: noqa: PTH102, PTH103, PTH118, PTH120, PTH123

import contextlib
import math
import os
import resource
import shutil
import signal

from . import kernel
from .job import ALL_OF_MEMORY, Job, Setting

_MOUNTED = kernel.NO_SUID | kernel.NO_DEVICES


def make_private(job: Job, processes: bool = True, scratch: bool = True) -> None:
    """A view of the processes of this pid namespace only, and a fresh scratch folder, in new namespaces."""
    if job.setting.isolated:
        kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_IPC)
        if processes:
            kernel.mount(
                "proc", "/proc", "proc", _MOUNTED | kernel.NO_EXECUTION, "subset=pid,hidepid=invisible"
            )
        if scratch:
            _mount_scratch(job)
    elif scratch:
        os.mkdir(job.setting.scratch, 0o700)
        _give(job.setting.scratch, job.setting)


def prepare_build(setting: Setting, size: int) -> None:
    """An empty folder to compile into."""
    if setting.isolated:
        owner = "" if setting.program_uid is None else f",uid={setting.program_uid}"
        kernel.mount("built", setting.built, "tmpfs", _MOUNTED, f"size={size},mode=0755{owner}")
    else:
        os.mkdir(setting.built, 0o755)
        _give(setting.built, setting)


def seal_build(setting: Setting) -> None:
    """From now on it cannot be written."""
    if setting.isolated:
        kernel.mount("none", setting.built, "", _MOUNTED | kernel.READ_ONLY | kernel.REMOUNT)
    elif setting.program_uid is not None:
        os.chown(setting.built, 0, 0)


def forget_build(setting: Setting) -> None:
    """Remove what was compiled."""
    if setting.isolated:
        kernel.unmount(setting.built)
    else:
        shutil.rmtree(setting.built, ignore_errors=True)


def forget_scratch(setting: Setting) -> None:
    """Remove what a run has left, where that does not go with its namespaces."""
    if not setting.isolated:
        shutil.rmtree(setting.scratch, ignore_errors=True)


def _mount_scratch(job: Job) -> None:
    """In memory, and also where shared memory is kept."""
    owner = "" if job.setting.program_uid is None else f",uid={job.setting.program_uid}"
    inodes = 4096 + job.scratch_bytes // 4096
    options = f"size={job.scratch_bytes},nr_inodes={inodes},mode=0777{owner}"
    kernel.mount("scratch", job.setting.scratch, "tmpfs", _MOUNTED, options)
    kernel.mount(job.setting.scratch, "/dev/shm", "", kernel.BIND)


def _give(path: str, setting: Setting) -> None:
    if setting.program_uid is not None:
        os.chown(path, setting.program_uid, setting.program_uid)


def write_files(job: Job) -> None:
    """The program's files into the scratch folder, which holds nothing else yet."""
    for name, content in job.files.items():
        path = os.path.join(job.setting.scratch, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with open(file, "wb") as out:
            out.write(content)
        _give(path, job.setting)


def become_program(job: Job, streams: tuple[int, int, int], kept: int | None) -> int:
    """Make this fork a confined process: its streams, its environment, its limits, no privileges, the filter.

    Every other file descriptor is closed but `kept`, which is returned under a number that says nothing (-1 for
    none).
    """
    os.setsid()
    os.environ.clear()
    os.environ.update(job.environment)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    hidden = -1 if kept is None else _hide(kept, job.open_files)
    os.closerange(3, hidden)
    os.closerange(max(3, hidden + 1), 1 << 20)
    _set_limits(job)
    os.chdir(job.setting.scratch)
    kernel.set_dumpable(True)  # so that what is in /proc of this process is its user's
    _be_ended_first(job)
    kernel.drop_privileges(job.setting.program_uid)
    kernel.set_dumpable(True)
    if not job.setting.isolated:
        kernel.die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if job.setting.filter:
        kernel.install_filter(job.setting.filter)
    return hidden


def _be_ended_first(job: Job) -> None:
    """Where memory runs out, this and what it starts is to be ended before its keeper, for good."""
    with contextlib.suppress(OSError):
        out = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(out, b"1000")
        os.close(out)
    if job.setting.isolated:
        flags = _MOUNTED | kernel.NO_EXECUTION | kernel.READ_ONLY | kernel.REMOUNT | kernel.BIND
        kernel.mount("none", "/proc", "", flags)


def execute(job: Job) -> None:
    """Become the program's own command. Raises `OSError` where that cannot be executed."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.execve(job.command[0], job.command, job.environment)


def _hide(descriptor: int, open_files: int) -> int:
    """A copy of the descriptor under a random number."""
    first = 3 + int.from_bytes(os.urandom(4), "big") % max(1, open_files - 4)
    if first == descriptor:
        return descriptor
    return os.dup2(descriptor, first, inheritable=False)


def _set_limits(job: Job) -> None:
    seconds = math.ceil(job.cpu_seconds) + 1  # behind the supervisor, which counts the whole tree
    tasks = job.processes + job.setting.task_allowance
    for limit, soft, hard in (
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, job.open_files, job.open_files),
        (resource.RLIMIT_FSIZE, job.scratch_bytes, job.scratch_bytes),
        (resource.RLIMIT_NPROC, tasks, tasks),
    ):
        resource.setrlimit(limit, (soft, hard))
    _set_stack(job)
    if not job.setting.memory_group:
        kind = resource.RLIMIT_AS if job.bound_address_space else resource.RLIMIT_DATA
        resource.setrlimit(kind, (job.memory_bytes, job.memory_bytes))


def _set_stack(job: Job) -> None:
    """The stack, which programs may make larger where something else bounds what it takes of memory."""
    counted = job.setting.memory_group or job.bound_address_space
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if not counted:
        hard = _smaller(hard, job.memory_bytes)
    if job.stack_bytes == ALL_OF_MEMORY:
        # A thread's stack is as large by default, so that address space must not be bounded too.
        soft = hard if counted and not job.setting.memory_group else _smaller(hard, job.memory_bytes)
    elif job.stack_bytes:
        soft = _smaller(hard, job.stack_bytes)
    resource.setrlimit(resource.RLIMIT_STACK, (_smaller(hard, soft), hard))


def _smaller(one: int, other: int) -> int:
    """The smaller of two limits."""
    finite = [limit for limit in (one, other) if limit != resource.RLIM_INFINITY]
    return min(finite, default=resource.RLIM_INFINITY)

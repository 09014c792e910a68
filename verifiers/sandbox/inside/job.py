"""What is told to the inside: the server, once at its start; a supervisor, for its run."""

from typing import Any, NamedTuple

ALL_OF_MEMORY = -1
"""A stack that only `memory_bytes` bounds."""
KEEPER_ENDED = 76
"""The exit code of a server whose supervisor did not end by itself."""


class Setting(NamedTuple):
    """How processes are to be confined; the same for the life of the server."""

    isolated: bool
    """Whether there are namespaces, and with them mounts, of our own."""
    scratch: str
    """The private writable folder. Not isolated, it is made and removed for each run."""
    built: str
    """The folder that programs are compiled into."""
    program_uid: int | None
    """The user that programs run as; None where the caller may not choose one."""
    filter: bytes
    """The seccomp program, or nothing."""
    memory_group: bool
    """Whether a memory cgroup bounds the whole tree, so that address spaces need no bound."""
    task_allowance: int
    """How many tasks besides the program's count against its bound on processes."""


class Job(NamedTuple):
    """One run of one program."""

    kind: str
    """stdin, call or check."""
    function: str
    """For a call and a check."""
    data: bytes
    """A call's arguments. Tests do not come this way: the program's process descends from one that holds this.
    Nor does standard input, which may be long: it goes straight into a file in memory."""
    command: tuple[str, ...]
    """What to execute; empty for Python, which runs in a fork."""
    environment: dict[str, str]
    files: dict[str, bytes]
    """By name, relative to the scratch folder; the first is the source."""
    cpu_seconds: float
    wall_seconds: float
    memory_bytes: int
    processes: int
    open_files: int
    output_bytes: int
    scratch_bytes: int
    stack_bytes: int
    """Of the first thread; 0 for what is usual here, or `ALL_OF_MEMORY`."""
    bound_address_space: bool
    """Whether `memory_bytes` bounds the address space (else the private data) of each process."""
    setting: Setting

    @property
    def source(self) -> str:
        """The path of a Python program's source."""
        return f"{self.setting.scratch}/{next(iter(self.files))}"


def job_from(head: dict[str, Any], contents: list[bytes], data: bytes, setting: Setting) -> Job:
    """A `Job` from the fields in a message's head, the files' contents and the data."""
    fields = {name: head[name] for name in Job._fields if name not in ("command", "files", "data", "setting")}
    files = dict(zip(head["files"], contents, strict=True))
    return Job(command=tuple(head["command"]), files=files, data=data, setting=setting, **fields)

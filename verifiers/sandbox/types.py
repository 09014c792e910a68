"""What goes into a sandbox and what comes out. Plain data, the same for a local and a remote sandbox."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

Language = Literal["python", "cpp", "java", "javascript", "typescript", "php", "bash", "csharp"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Outcome = Literal["exited", "signalled", "limit", "not_compiled", "no_toolchain", "failed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Limit = Literal["cpu", "wall", "memory", "processes", "open_files", "output", "scratch"]
LIMITS: tuple[Limit, ...] = get_args(Limit)

Layer = Literal[
    "user_namespace",
    "mount_namespace",
    "pid_namespace",
    "network_namespace",
    "ipc_namespace",
    "no_new_privileges",
    "seccomp",
    "landlock",
    "rlimits",
    "cgroup_memory",
    "cgroup_pids",
]
LAYERS: tuple[Layer, ...] = get_args(Layer)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one execution may take. Compiling has limits of its own."""

    cpu_seconds: float = 10.0
    """Processor time of the program with all of its children."""
    wall_seconds: float = 20.0
    memory_bytes: int = 1 << 30
    """Of the whole process tree where memory cgroups are available, else address space of each process."""
    processes: int = 32
    open_files: int = 64
    output_bytes: int = 1 << 20
    """Of standard output, and of a returned value. Standard error may have 8 times as much; its end is kept."""
    scratch_bytes: int = 1 << 26
    """Of the private writable folder, which is in memory and gone afterwards."""


@dataclass(frozen=True, slots=True)
class Program:
    """Source code to run. `files` are further files in its working folder, by relative name."""

    source: str
    language: Language = "python"
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stdin:
    """One input: the program runs as a script, with these bytes as its standard input."""

    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Call:
    """One input: the program is loaded and `function` (a name, or `Class.method` of a class that needs no
    arguments) called with `arguments`, a JSON array. `Execution.value` is what it returned, as JSON: built of
    plain values by us, so that no object of the program's own is ever compared. Python only."""

    function: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Check:
    """One input: assertion tests in a process of their own, in which `function` stands for the program's
    function: each call crosses a pipe to the program's process and brings back plain values, or stand-ins for
    objects, which are never compared. So the program sees its arguments, never the tests. Exits with 0 where the
    tests ran to their end. Python only."""

    function: str
    tests: str


Input = Stdin | Call | Check


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a program on one input.

    `outcome`: `exited` (see `exit_code`), `signalled` (see `signal`), `limit` (see `limit`: which one struck),
    `not_compiled`, `no_toolchain`, or `failed`: the sandbox did, which says nothing about the program. An end of
    the sandbox that the program brought about is not `failed`; see docs/sandbox.md.
    `reason` is one sentence for a reader. `layers` are the protections that were active.
    """

    outcome: Outcome
    reason: str
    exit_code: int | None = None
    signal: int | None = None
    limit: Limit | None = None
    stdout: bytes = b""
    stderr: bytes = b""
    value: str | None = None
    """What a `Call` returned, as JSON; None where it returned nothing that JSON can hold, or raised."""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_memory_bytes: int = 0
    layers: tuple[Layer, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the program ended by itself with exit code 0."""
        return self.outcome == "exited" and self.exit_code == 0


class Sandbox(Protocol):
    """A place to run untrusted programs, for any number of threads at once.

    It is `verifiers.sandbox.local.LocalSandbox` or `verifiers.sandbox.client.RemoteSandbox`.
    """

    def run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        """One execution per input, in order, each in a fresh process that inherits nothing of the one before.

        The program is compiled once. Lazy: an input is run when its execution is asked for, so a caller who
        has seen enough closes the iterator. Where it does not compile, has no toolchain, or the sandbox fails,
        there is still one execution per input. Raises `ValueError` for a caller's mistake.
        """
        ...

    def close(self) -> None:
        """End all that it runs, and let go of all that it holds."""
        ...

"""One program on one server: brought there, compiled where it needs to be, run on one input after the other."""

import signal
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from verifiers.sandbox.inside import frames
from verifiers.sandbox.languages import BUILT, MEMORY, MOST_STACK, STACK, Toolchain
from verifiers.sandbox.launch import WorkerDied
from verifiers.sandbox.result import execution, not_compiled, over
from verifiers.sandbox.types import Call, Check, Execution, Input, Layer, Limit, Limits, Program, Stdin
from verifiers.sandbox.worker import Worker

BUILD_LIMITS = Limits(
    cpu_seconds=30.0,
    wall_seconds=60.0,
    memory_bytes=1 << 31,
    processes=64,
    open_files=256,
    scratch_bytes=1 << 28,
)
"""What compiling may take; most compilers need more of everything than what they compile."""
BUILT_BYTES = 1 << 27
"""What a program may be compiled to."""

_GRACE_SECONDS = 15.0  # beyond the limits that a supervisor enforces
_HELD_STEP = 1 << 20
_KEPT_OUTPUTS = 6
"""How many outputs of the greatest length the keeper holds: three, one of them twice, with room for their growth."""
_KINDS = {Stdin: "stdin", Call: "call", Check: "check"}
_PATH = "/usr/local/bin:/usr/bin:/bin"


class Session:
    """For one thread at a time. `take` gets a server for it alone, `give_back` lets go of one."""

    def __init__(
        self,
        program: Program,
        tools: Toolchain,
        limits: Limits,
        layers: tuple[Layer, ...],
        take: Callable[[], Worker],
        give_back: Callable[[Worker], None],
    ) -> None:
        self._tools, self._limits, self._layers = tools, limits, layers
        self._take, self._give_back = take, give_back
        self._commands = tools.commands(program.source)
        self._files = {self._commands.source: _bytes(program.source)}
        for name, text in program.files.items():
            if name in self._files:
                raise ValueError(f"Program.files has {name!r}, which is what the program itself is called.")
            self._files[name] = _bytes(text)
        self._worker: Worker | None = None
        self._refused: Execution | None = None

    def run(self, one: Input) -> Execution:
        """The execution of one input. Where the server ends under it, it is run once more on a fresh one.

        An end that the program has brought about is the program's: at once where the kernel says that it met
        its bound on memory, and else where what cannot be told from a fault of ours happens twice.
        """
        try:
            return self._once(one)
        except WorkerDied as error:
            if error.limit is not None:
                return self._refused or self._brought_about(error.limit, self._limits)
            suspect = error.suspect
        try:
            return self._once(one)
        except WorkerDied as error:
            if error.limit is not None:
                return self._refused or self._brought_about(error.limit, self._limits)
            if suspect is not None and suspect == error.suspect:
                return self._brought_about("wall" if suspect == "wall" else None, self._limits)
            return Execution("failed", f"The sandbox failed twice: {error}.", layers=self._layers)

    def _brought_about(self, limit: Limit | None, limits: Limits) -> Execution:
        """What is said of a program that took its keeper with it."""
        if limit is None:
            reason = "It ended together with its keeper, twice."
            return Execution("signalled", reason, signal=signal.SIGKILL, layers=self._layers)
        return Execution("limit", over(limit, limits), limit=limit, layers=self._layers)

    def _once(self, one: Input) -> Execution:
        try:
            return self._run(one)
        except BaseException:  # interrupted too, so that the server's answer would come to the wrong question
            if self._worker is not None:
                self._worker.kill()
            self.close()
            raise

    def close(self) -> None:
        """Let go of the server."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._give_back(worker)

    def _run(self, one: Input) -> Execution:
        if self._refused is not None:
            return self._refused
        if self._worker is None:
            self._worker = self._take()
            if (refused := self._build(self._worker)) is not None:
                self._refused = refused
                return refused
        data = one.data if isinstance(one, Stdin) else _bytes(one.arguments) if isinstance(one, Call) else b""
        # What the keeper holds of an input is not the program's, nor are the bytes and the text of a call's arguments.
        held = len(data) if isinstance(one, Stdin) else 2 * len(data)
        function = "" if isinstance(one, Stdin) else one.function
        head = {**self._head(self._worker, self._commands.run, self._limits), "kind": _KINDS[type(one)],
                "function": function, "stack_bytes": self._tools.stack_bytes,
                "bound_address_space": self._tools.bound_address_space}  # fmt: skip
        messages = [frames.pack(head, [*self._files.values(), data])]
        if isinstance(one, Check):
            messages.append(frames.pack({}, [_bytes(one.tests)]))
        tasks = self._tools.tasks + len(messages) - 1
        return self._execute(self._worker, messages, self._limits, tasks, held)

    def _build(self, worker: Worker) -> Execution | None:
        """Compile the program there, where it needs to be; what every input gets if that fails."""
        build = self._commands.build
        worker.prepare(BUILT_BYTES if build else 0)
        if not build:
            return None
        message = frames.pack(self._head(worker, build, BUILD_LIMITS), [*self._files.values(), b""])
        try:
            done = self._execute(worker, [message], BUILD_LIMITS, 0, 0)
        except WorkerDied as error:
            if error.limit is not None:
                self._refused = not_compiled(self._brought_about(error.limit, BUILD_LIMITS))
            raise
        if not done.ok:
            return not_compiled(done)
        worker.seal()
        return None

    def _head(self, worker: Worker, command: tuple[str, ...], limits: Limits) -> dict[str, Any]:
        home = {"PATH": _PATH, "HOME": worker.scratch, "TMPDIR": worker.scratch, "LANG": "C.UTF-8"}
        memory = limits.memory_bytes >> 20
        values = {BUILT: worker.built, MEMORY: str(memory), STACK: str(max(1, min(memory, MOST_STACK)))}
        return {
            "kind": "stdin",
            "function": "",
            "command": [_filled(word, values) for word in command],
            "environment": home
            | {name: _filled(word, values) for name, word in self._tools.environment.items()},
            "files": list(self._files),
            "stack_bytes": 0,
            "bound_address_space": False,
            **asdict(limits),
            "processes": limits.processes + self._tools.tasks,
            "memory_bytes": limits.memory_bytes + self._tools.spare_bytes,
        }

    def _execute(
        self, worker: Worker, messages: list[bytes], limits: Limits, tasks: int, held: int
    ) -> Execution:
        """`held`: bytes of the input that the keeper holds, which are rounded so that bounds seldom change."""
        held = -(-held // _HELD_STEP) * _HELD_STEP + _KEPT_OUTPUTS * limits.output_bytes
        worker.bound(limits.memory_bytes + self._tools.spare_bytes + held, limits.processes + tasks)
        head, parts = worker.run(messages, limits.wall_seconds + _GRACE_SECONDS)
        return execution(head, parts, limits, self._layers, worker.struck())


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

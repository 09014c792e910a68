"""From what a supervisor reports to an `Execution`: which limit struck, and how to say it."""

import json
import os
import re
import signal
from collections.abc import Collection, Sequence
from typing import Any

from verifiers.sandbox.inside.tests_side import PROGRAM_ENDED
from verifiers.sandbox.types import LIMITS, Execution, Layer, Limit, Limits, Outcome

_EVIDENCE: tuple[tuple[Limit, re.Pattern[bytes]], ...] = (
    ("memory", re.compile(
        rb"^MemoryError\b|std::bad_alloc|java\.lang\.OutOfMemoryError|System\.OutOfMemoryException"
        rb"|JavaScript heap out of memory|Allowed memory size of|[Oo]ut of memory|[Cc]annot allocate memory",
        re.MULTILINE)),
    ("processes", re.compile(
        rb"Resource temporarily unavailable|can't start new thread|unable to create native thread|EAGAIN")),
    ("open_files", re.compile(rb"Too many open files|EMFILE")),
    ("scratch", re.compile(rb"No space left on device|File too large|ENOSPC|EFBIG")),
)  # fmt: skip
"""What programs of the eight languages leave on standard error when they fail because a limit struck."""
_LOOKED_AT = 1 << 14

_REASONS: dict[Limit, str] = {
    "cpu": "More than {cpu_seconds:g} s of processor time.",
    "wall": "Not done after {wall_seconds:g} s.",
    "memory": "More than {memory_bytes:,} bytes of memory.",
    "processes": "More than {processes} processes.",
    "open_files": "More than {open_files} open files.",
    "output": "More than {output_bytes:,} bytes of output.",
    "scratch": "More than {scratch_bytes:,} bytes in the scratch folder.",
}


def execution(
    head: dict[str, Any],
    parts: Sequence[bytes],
    limits: Limits,
    layers: tuple[Layer, ...],
    struck: Collection[Limit] = (),
) -> Execution:
    """The `Execution` that a supervisor's report is about.

    A limit that the supervisor or the kernel enforces by killing is certain. Of those that make a call fail
    (memory by address space, processes, open files, scratch) only a program that then failed is said to have
    been struck: by the kernel's count (`struck`) where there is one, else by its last words on standard error
    or a scratch folder that was full at the end.
    """
    status = _status(head)
    stdout, stderr = parts[0], parts[1]
    limit = _limit(head, status, stderr, limits, struck)
    value = _checked(parts[2]) if len(parts) > 2 and limit is None and status == 0 else None
    outcome: Outcome
    if limit is not None:
        outcome, reason = "limit", over(limit, limits)
    elif os.WIFSIGNALED(status):
        outcome, reason = "signalled", f"Ended by {_name(os.WTERMSIG(status))}."
    else:
        outcome, reason = "exited", f"Ended with exit code {os.WEXITSTATUS(status)}."
    return Execution(
        outcome=outcome,
        reason=reason,
        exit_code=os.WEXITSTATUS(status) if outcome == "exited" else None,
        signal=os.WTERMSIG(status) if outcome == "signalled" else None,
        limit=limit,
        stdout=stdout,
        stderr=stderr,
        value=value,
        cpu_seconds=head["cpu_seconds"],
        wall_seconds=head["wall_seconds"],
        peak_memory_bytes=head["peak_memory_bytes"],
        layers=layers,
    )


def over(limit: Limit, limits: Limits) -> str:
    """One sentence that says which limit struck."""
    return _REASONS[limit].format(**_fields(limits))


def not_compiled(build: Execution) -> Execution:
    """What every input of a program gets whose compilation ended like this."""
    said = build.stderr + build.stdout
    first = next(
        (line for line in said.decode("utf-8", "replace").splitlines() if line.strip()), build.reason
    )
    return Execution(
        outcome="not_compiled",
        reason=f"It does not compile: {first.strip()[:300]}",
        exit_code=build.exit_code,
        limit=build.limit,
        stdout=build.stdout,
        stderr=build.stderr,
        cpu_seconds=build.cpu_seconds,
        wall_seconds=build.wall_seconds,
        layers=build.layers,
    )


def _status(head: dict[str, Any]) -> int:
    """The exit status that counts. Where tests ended because their program did, that is the program's."""
    status: int = head["statuses"][0]
    if len(head["statuses"]) == 1 or not os.WIFEXITED(status) or os.WEXITSTATUS(status) != PROGRAM_ENDED:
        return status
    program: int = head["statuses"][1]
    return program if program not in (0, signal.SIGKILL) else 1 << 8


def _limit(
    head: dict[str, Any], status: int, stderr: bytes, limits: Limits, struck: Collection[Limit]
) -> Limit | None:
    if head["limit"] is not None:
        found: Limit = head["limit"]
        return found
    if head["cpu_seconds"] > limits.cpu_seconds or (
        os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
    ):
        return "cpu"
    if status == 0:
        return None
    if counted := [limit for limit in LIMITS if limit in struck]:
        return counted[0]
    said = stderr[-_LOOKED_AT:]
    for limit, words in _EVIDENCE:
        if words.search(said):
            return limit
    return "scratch" if head["scratch_full"] else None


def _fields(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in limits.__dataclass_fields__}


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _checked(value: bytes) -> str | None:
    """The text, where it is JSON; the program's process wrote it, so it may be anything."""
    try:
        text = value.decode()
        json.loads(text, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return None
    return text

"""Short ways to run a program in a test."""

import json
from dataclasses import replace

from verifiers.sandbox import Call, Check, Execution, Limits, Program, Sandbox, Stdin

SMALL = Limits(
    cpu_seconds=5,
    wall_seconds=10,
    memory_bytes=1 << 28,
    processes=16,
    open_files=32,
    output_bytes=1 << 16,
    scratch_bytes=1 << 22,
)


def run(
    sandbox: Sandbox, source: str, stdin: bytes = b"", language="python", files=None, **limits
) -> Execution:
    """One run of a script."""
    program = Program(source, language, files or {})
    [execution] = sandbox.run(program, [Stdin(stdin)], replace(SMALL, **limits))
    return execution


def say(sandbox: Sandbox, source: str, **options) -> str:
    """What a script that must end well prints, without the last line's end."""
    execution = run(sandbox, source, **options)
    assert execution.ok, execution
    return execution.stdout.decode().removesuffix("\n")


def call(sandbox: Sandbox, source: str, function: str, *arguments, **limits) -> Execution:
    """One call of a function."""
    inputs = [Call(function, json.dumps(arguments))]
    [execution] = sandbox.run(Program(source), inputs, replace(SMALL, **limits))
    return execution


def check(sandbox: Sandbox, source: str, tests: str, function: str = "f", **limits) -> Execution:
    """One run of assertion tests."""
    [execution] = sandbox.run(Program(source), [Check(function, tests)], replace(SMALL, **limits))
    return execution

"""What a submission prints for each input."""

from collections.abc import Generator, Sequence

from evals.testcases.errors import check_alive
from evals.testcases.problem import CodingProblem, Submission
from evals.testcases.settings import Settings
from verifiers.code.compare import output_lines
from verifiers.sandbox.types import Execution, Limits, Program, Sandbox, Stdin


class NoToolchain(RuntimeError):
    """This machine cannot run a submission's language."""


def answers(
    problem: CodingProblem,
    submission: Submission,
    inputs: Sequence[str],
    sandbox: Sandbox,
    settings: Settings,
) -> Generator[str | None, None, None]:
    """Its normalised output for each input, in order; None where it fails on that input.

    Lazy: an input is run when its answer is asked for. Raises `NoToolchain` or `SandboxFailed`.
    """
    limits = Limits(
        cpu_seconds=problem.time_limit,
        wall_seconds=4 * problem.time_limit + 2,
        memory_bytes=settings.memory_bytes,
        output_bytes=settings.input_bytes,
    )
    lines = (Stdin(text.encode("utf-8")) for text in inputs)
    strikes = done = 0
    executions = sandbox.run(Program(submission.source, submission.language), lines, limits)
    try:
        for execution in executions:
            check_alive(execution)
            if execution.outcome == "no_toolchain":
                raise NoToolchain(execution.reason)
            yield _output(execution)
            done += 1
            strikes += execution.limit in ("cpu", "wall")
            if strikes == settings.strikes or execution.outcome == "not_compiled":
                break
    finally:
        if isinstance(executions, Generator):
            executions.close()
    for _ in range(len(inputs) - done):
        yield None


def normalised(output: bytes) -> bytes:
    """Without white space at the ends of lines and empty lines at the end, as `verifiers.code` compares lines."""
    return b"\n".join(output_lines(output))


def _output(execution: Execution) -> str | None:
    if not execution.ok:
        return None
    try:
        return normalised(execution.stdout).decode("utf-8")
    except UnicodeDecodeError:
        return None

"""Inputs from a generator program, each from a run of its own in the sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass

from evals.seeds import derive_seed
from evals.testcases.cyaron import sources
from evals.testcases.errors import SandboxFailed, check_alive
from evals.testcases.problem import CodingProblem
from evals.testcases.settings import Settings
from verifiers.sandbox.types import Execution, Limits, Program, Sandbox, Stdin

DRIVER = """\
import random, runpy, sys
case, seed = sys.stdin.readline().split()
random.seed(int(seed))
sys.argv[:] = ["generator.py", case]
runpy.run_path("generator.py", run_name="__main__")
"""
"""Runs the generator with the number of the input as its argument. CYaRon draws from the seeded `random`."""


@dataclass(frozen=True, slots=True)
class Generated:
    """What a generator gave for input number `number`: an input or, where that is None, why there is none.

    `fault` is a word or two and `detail`, if there is more to say, a sentence.
    """

    number: int
    input: str | None
    fault: str = ""
    detail: str = ""


def generate(problem: CodingProblem, sandbox: Sandbox, settings: Settings) -> list[Generated]:
    """Inputs 1 to `settings.inputs` of a problem, by its generator.

    An input that came before is not counted again: its fault is `repeated`. Raises `ValueError` for a problem
    without a generator, `SandboxFailed` where the sandbox does.
    """
    if problem.generator is None:
        raise ValueError(f"Problem {problem.id} has no generator.")
    program = Program(DRIVER, files={**sources(), "generator.py": problem.generator})
    limits = Limits(
        cpu_seconds=settings.generator_seconds,
        wall_seconds=4 * settings.generator_seconds,
        memory_bytes=settings.memory_bytes,
        output_bytes=settings.input_bytes,
    )
    numbers = range(1, settings.inputs + 1)
    lines = (
        Stdin(f"{number} {derive_seed(settings.seed, problem.id, number)}\n".encode()) for number in numbers
    )
    return list(_without_repeats(map(_read, numbers, sandbox.run(program, lines, limits))))


def _read(number: int, execution: Execution) -> Generated:
    check_alive(execution)
    if execution.outcome == "no_toolchain":
        raise SandboxFailed(f"Generators need Python: {execution.reason}")
    if not execution.ok:
        return Generated(number, None, execution.limit or "crashed", _last_line(execution))
    try:
        text = execution.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return Generated(number, None, "no text")
    return Generated(number, text) if text.strip() else Generated(number, None, "nothing printed")


def _last_line(execution: Execution) -> str:
    """What the generator said last on standard error, which for an exception is its message."""
    lines = execution.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else execution.reason


def _without_repeats(generated: Iterator[Generated]) -> Iterator[Generated]:
    seen: set[str] = set()
    for one in generated:
        if one.input is not None and one.input in seen:
            yield Generated(one.number, None, "repeated")
            continue
        if one.input is not None:
            seen.add(one.input)
        yield one

"""A tiny problem, and a sandbox that runs Python functions instead of programs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from evals.testcases.problem import Case, CodingProblem, Submission
from evals.testcases.settings import Settings
from verifiers.sandbox.types import Execution, Input, Limits, Program

SMALL = Settings(inputs=6, drawn=3, agreeing=2, valid=4, passing=2, generator_seconds=1.0)
GENERATOR = "import sys\nprint(sys.argv[1], 2)\n"
SUM = "print(sum(map(int, input().split())))\n"


def exited(stdout: str, code: int = 0) -> Execution:
    return Execution("exited", "Ended.", exit_code=code, stdout=stdout.encode())


class FakeSandbox:
    """Runs `programs[source](input text)`; a generator is `programs[its source](number, seed)`."""

    def __init__(self, programs: Mapping[str, Callable[..., Execution]]) -> None:
        self.programs = programs
        self.runs: list[str] = []

    def run(self, program: Program, inputs: Iterable[Input], limits: Limits) -> Iterator[Execution]:
        source = program.files.get("generator.py", program.source)
        for one in inputs:
            self.runs.append(source)
            words = one.data.decode().split() if "generator.py" in program.files else [one.data.decode()]
            yield self.programs[source](*words)

    def close(self) -> None:
        pass


def adding(text: str) -> Execution:
    return exited(f"{sum(map(int, text.split()))}\n")


def make_problem(name: str = "add", **changes: object) -> CodingProblem:
    """Add two numbers; three submissions `a`, `b` and `c`."""
    problem = CodingProblem(
        id=name,
        title="Add",
        statement="Add two numbers.",
        samples=(Case("1 1\n", "2\n"),),
        submissions=tuple(Submission(f"{letter}.py", "python", letter) for letter in "abc"),
        generator="g",
    )
    return replace(problem, **changes)


def fake(**programs: Callable[..., Execution]) -> FakeSandbox:
    """`g` prints its number and 2, and `a`, `b` and `c` add, unless `programs` says otherwise."""
    usual = {"g": lambda number, seed: exited(f"{number} 2\n"), "a": adding, "b": adding, "c": adding}
    return FakeSandbox({**usual, **programs})


def write_problem(
    folder: Path, submissions: Mapping[str, str], generator: str | None = GENERATOR, **keys
) -> None:
    """A problem on disk; `keys` go to its problem.yaml."""
    (folder / "submissions").mkdir(parents=True)
    facts = {"samples": [{"input": "1 1\n", "output": "2\n"}], **keys}
    (folder / "problem.yaml").write_text(yaml.safe_dump(facts))
    (folder / "statement.md").write_text("Add two numbers.\n")
    if generator is not None:
        (folder / "generator.py").write_text(generator)
    for name, source in submissions.items():
        (folder / "submissions" / name).write_text(source)

"""Generators written by a model: the prompt shows the problem and CYaRon's usage (section 2.3.5)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from evals.engine import Engine, Request
from evals.files import digest
from evals.seeds import derive_seed
from evals.testcases.cyaron import USAGE
from evals.testcases.problem import CodingProblem
from evals.testcases.settings import Settings
from evals.testcases.stored import held, keep
from evals.types import Message, Sampling
from verifiers.code.extract import extract_code

_TASK = """\
Write a Python program that prints one test input for this programming problem.

# Problem

{statement}

{samples}
# What the program must do

- It is run {inputs} times with an argument from 1 to {inputs}: `case = int(sys.argv[1])`. Print exactly one input to
  standard output, and nothing else. Read nothing, and write no files.
- Small cases, the smallest, and odd ones (equal values, ties, extremes) for low numbers; the largest that the problem
  allows for the highest. Inputs must differ, and keep every limit of the problem.
- `random` is seeded for you. Do not seed it, and use no other source of randomness, nor the time.
- Each run may take {seconds:g} seconds.

# CYaRon

You may use CYaRon, a library for test inputs. {usage}
Answer with the whole program in one ```python block.
"""


def prompt(problem: CodingProblem, settings: Settings) -> tuple[Message, ...]:
    """What a model is asked for. It shows the statement and the samples, no submission and no label."""
    samples = "".join(
        f"Example input:\n```\n{case.input.rstrip()}\n```\nIts output:\n```\n{case.output.rstrip()}\n```\n"
        for case in problem.samples
    )
    task = _TASK.format(
        statement=problem.statement.strip(),
        samples=samples,
        inputs=settings.inputs,
        seconds=settings.generator_seconds,
        usage=USAGE,
    )
    return (Message("user", task),)


def with_written_generators(
    problems: Sequence[CodingProblem],
    engine: Engine,
    model: str,
    sampling: Sampling,
    settings: Settings,
    folder: Path,
) -> list[CodingProblem]:
    """The problems, each with the generator that the model wrote, or with none where its response has no program.

    Responses are kept in `folder` and drawn once only; `model` names the weights, so that others are asked anew.
    Problems that need a special judge are not asked for.
    """
    asked = [problem for problem in problems if not problem.special_judge]
    paths = {problem.id: folder / "responses" / f"{problem.id}.json" for problem in asked}
    keys = {
        problem.id: digest(
            [model, asdict(sampling), settings.seed, [asdict(m) for m in prompt(problem, settings)]]
        )
        for problem in asked
    }
    missing = [problem for problem in asked if held(paths[problem.id], keys[problem.id]) is None]
    requests = [
        Request(engine.encode(prompt(problem, settings)), derive_seed(settings.seed, problem.id, "generator"))
        for problem in missing
    ]
    for problem, response in zip(
        missing, engine.generate(requests, sampling) if requests else (), strict=True
    ):
        keep(paths[problem.id], keys[problem.id], response.opening + engine.decode(response.tokens))
    return [
        problem
        if problem.special_judge
        else replace(problem, generator=extract_code(held(paths[problem.id], keys[problem.id])).text)
        for problem in problems
    ]

"""Majority vote over programs by self-generated tests, as the Codeforces figures of arXiv:2501.12599 (table 2) have it.

The model writes programs that print inputs for a problem (`evals.testcases`); its answers to the problem run on these
inputs, and the answer is the first one of the largest group that prints the same on all of them. The problem's own
test cases have no part in it.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

from evals.files import digest
from evals.metrics import mean_interval
from evals.model import Chat, Model, message_to_json
from evals.score import by_problem
from evals.seeds import derive_seed
from evals.testcases.errors import SandboxFailed
from evals.testcases.generate import generate
from evals.testcases.problem import CodingProblem
from evals.testcases.settings import Settings
from evals.testcases.stored import held, keep, stored
from evals.testcases.written import prompt
from evals.types import Benchmark, Figure, Measure, Problem, Sample, Sampling
from verifiers.code import VERSION as JUDGE_VERSION
from verifiers.code import check, extract_code
from verifiers.sandbox import Sandbox, shared

VERSION = "1"
PROTOCOL = "majority"
GENERATORS = 4
"""Generators that are asked for, since some will not run."""
SETTINGS = Settings(inputs=8, valid=8)
"""Of one generator."""
OUTPUT_BYTES = 1 << 24
AT_ONCE = 64
"""Problems whose generators are drawn together: what a kill loses at most, unless the model keeps its replies."""

Tests = Mapping[str, Sequence[str]]
"""Inputs by the problem's id."""
Outputs = Sequence[str | None]
"""What a program printed on each input, or something that stands for it; None where it failed."""


def is_voted(benchmark: Benchmark) -> bool:
    """Whether the benchmark's protocol is a vote, so that `voted` makes its figures."""
    return benchmark.protocol == PROTOCOL


def voted(
    model: Model,
    benchmark: Benchmark,
    samples: Sequence[Sample],
    *,
    seed: int,
    folder: Path | None = None,
    model_digest: str = "",
) -> Benchmark:
    """The benchmark with the figures of the vote over `samples`; draws tests with the benchmark's sampling.

    Its measures are of the answers voted for, beside them their accuracy, `maj@k by self-generated tests`, and the
    measures of all samples as `..., no vote`. `folder` and errors as of `self_generated_tests` and `vote`.
    """
    problems = benchmark.load()
    tests = self_generated_tests(
        model, problems, sampling=benchmark.sampling, seed=seed, folder=folder, model_digest=model_digest
    )
    answers = vote(problems, samples, tests, folder=folder)
    without = sum(not tests[problem.id] for problem in problems)
    return replace(
        benchmark,
        measures={
            f"maj@{benchmark.samples_per_problem} by self-generated tests": _of(answers, accuracy),
            **{name: _of(answers, measure) for name, measure in benchmark.measures.items()},
            **{f"{name}, no vote": measure for name, measure in benchmark.measures.items()},
        },
        caveats=(
            *benchmark.caveats,
            *_without_tests(without, len(problems)),
        ),
    )


def _without_tests(without: int, problems: int) -> tuple[str, ...]:
    if not without:
        return ()
    return (
        f"no test could be made for {without:,} of {problems:,} problems: the first program stands there",
    )


def accuracy(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
    """The share of correct answers, one to each problem: a measure."""
    found = mean_interval([float(sample.verdict.correct) for sample in samples])
    return Figure(found.value, found.low, found.high)


def self_generated_tests(
    model: Model,
    problems: Sequence[Problem],
    *,
    sampling: Sampling,
    seed: int,
    folder: Path | None = None,
    model_digest: str = "",
    settings: Settings = SETTINGS,
    generators: int = GENERATORS,
) -> dict[str, tuple[str, ...]]:
    """Inputs for each problem, from `generators` programs that the model writes; none where no program runs.

    With `folder`, they are kept there, and made once for the same model, prompt, sampling, seed and settings.
    Raises `ValueError` for `folder` without `model_digest`; `SandboxFailed`, or `MissingPackage` without CYaRon.
    """
    if folder is not None and not model_digest:
        raise ValueError(
            "self_generated_tests(folder=...) needs model_digest, or it could take another model's."
        )
    codings = [CodingProblem(problem.id, problem.id, _statement(problem), (), ()) for problem in problems]
    made_from = [model_digest, asdict(sampling), seed, asdict(settings), generators, VERSION]
    keys = {
        coding.id: digest([made_from, [message_to_json(one) for one in prompt(coding, settings)]])
        for coding in codings
    }
    tests = {coding.id: _held(folder, coding.id, keys[coding.id]) for coding in codings}
    missing = [coding for coding in codings if tests[coding.id] is None]
    for start in range(0, len(missing), AT_ONCE):
        part = missing[start : start + AT_ONCE]
        replies = model.reply(
            [
                Chat(prompt(coding, settings), derive_seed(seed, coding.id, "self-generated tests", number))
                for coding in part
                for number in range(generators)
            ],
            sampling,
        )
        texts = [
            [one.text for one in replies[at : at + generators]] for at in range(0, len(replies), generators)
        ]
        with ThreadPoolExecutor(_threads()) as threads:
            made = threads.map(lambda coding, own: _inputs(coding, own, shared(), settings), part, texts)
            for coding, inputs in zip(part, made, strict=True):
                tests[coding.id] = inputs
                if folder is not None:
                    keep(_path(folder, "tests", coding.id), keys[coding.id], inputs)
    return {name: tuple(inputs or ()) for name, inputs in tests.items()}


def vote(
    problems: Sequence[Problem], samples: Sequence[Sample], tests: Tests, *, folder: Path | None = None
) -> list[Sample]:
    """For each problem the sample that wins the vote, see `winner`; its index and verdict are kept.

    With `folder`, what the programs print is kept there, so that nothing is run twice. Raises `ValueError` for a
    problem that is not judged by standard input and output, `SandboxFailed` where the sandbox does.
    """
    groups = by_problem(samples)
    asked = [problem for problem in problems if problem.id in groups]
    for problem in asked:
        if problem.verifier != "code" or "tests" not in problem.reference:
            raise ValueError(
                f"{problem.id} is not a problem on standard input and output; there is no vote on its programs."
            )
    with ThreadPoolExecutor(_threads()) as threads:
        return list(
            threads.map(
                lambda problem: _answer(problem, groups[problem.id], tests[problem.id], folder), asked
            )
        )


def winner(rows: Sequence[Outputs | None]) -> int:
    """The place of the program that wins; `rows` has each one's outputs on the same inputs, None for no program.

    Programs form a group if their outputs are equal on all inputs, but for inputs on which every one fails.
    A program that fails on another is in no group. The first one of the largest group wins, the smallest place
    where groups tie; where there is no group, the one that fails least.
    """
    useful = [
        at for at in range(_width(rows)) if any(row is not None and row[at] is not None for row in rows)
    ]
    keys = [None if row is None else tuple(row[at] for at in useful) for row in rows]
    sizes = Counter(key for key in keys if key is not None and None not in key)

    def strength(place: int) -> tuple[bool, int, int, int]:
        key = keys[place]
        return (key is not None, sizes[key] if key is not None else 0, -(key or ()).count(None), -place)

    return max(range(len(rows)), key=strength)


def _answer(
    problem: Problem, samples: Sequence[Sample], inputs: Sequence[str], folder: Path | None
) -> Sample:
    """The sample that wins; equal programs run once."""
    programs = {sample.verdict.answer: sample for sample in samples if sample.verdict.answer is not None}

    def run() -> dict[str, list[str | None]]:
        return {text: _outputs(problem, sample, inputs) for text, sample in programs.items()}

    if not inputs:
        outputs: Mapping[str, Outputs] = dict.fromkeys(programs, ())
    elif folder is None:
        outputs = run()
    else:
        limits = {name: problem.reference.get(name) for name in ("language", "limits", "prompt")}
        key = digest([sorted(programs), list(inputs), limits, VERSION, JUDGE_VERSION])
        outputs = stored(_path(folder, "outputs", problem.id), key, run)
    rows = [outputs.get(sample.verdict.answer) if sample.verdict.answer else None for sample in samples]
    return samples[winner(rows)]


def _outputs(problem: Problem, sample: Sample, inputs: Sequence[str]) -> list[str | None]:
    """A digest of the words that the sample's program prints on each input; None where it fails."""
    reference = {
        **{name: value for name, value in problem.reference.items() if name != "checker"},
        "tests": [{"stdin": text, "stdout": ""} for text in inputs],
        "limits": {**problem.reference.get("limits", {}), "output_bytes": OUTPUT_BYTES},
    }
    found: list[str | None] = []
    for result in check(sample.response, reference):
        if result.outcome == "error":
            raise SandboxFailed(f"The programs for {problem.id} could not be run: {result.reason}")
        run = result.execution
        words = None if run is None or not run.ok else b" ".join(run.stdout.split())
        found.append(None if words is None else hashlib.sha256(words).hexdigest())
    return found


def _inputs(
    coding: CodingProblem, responses: Sequence[str], sandbox: Sandbox, settings: Settings
) -> list[str]:
    """All different inputs that the generators among the responses print."""
    programs = dict.fromkeys(filter(None, (extract_code(response).text for response in responses)))
    made = [generate(replace(coding, generator=program), sandbox, settings) for program in programs]
    return list(dict.fromkeys(one.input for inputs in made for one in inputs if one.input is not None))


def _statement(problem: Problem) -> str:
    return next((one.content for one in reversed(problem.prompt) if one.role == "user"), "")


def _held(folder: Path | None, name: str, key: str) -> list[str] | None:
    return None if folder is None else held(_path(folder, "tests", name), key)


def _path(folder: Path, kind: str, name: str) -> Path:
    return folder / kind / f"{name.replace('/', '__')}.json"


def _width(rows: Sequence[Outputs | None]) -> int:
    return max((len(row) for row in rows if row is not None), default=0)


def _threads() -> int:
    return len(os.sched_getaffinity(0))


def _of(answers: Sequence[Sample], measure: Measure) -> Measure:
    """The measure of these samples, whichever it is given."""
    return lambda problems, samples: measure(problems, answers)

"""What the task files name: a benchmark's documents, how responses are judged, how measures are made of them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.benchmarks import SPECS
from evals.judge import judge
from evals.metrics import mean, pass_at_k_of_problem
from evals.score import powers_of_two
from evals.types import Problem, Sample

if TYPE_CHECKING:
    from datasets import Dataset

Data = str | Mapping[str, str] | None
"""Where the data is: a path as for `--data`, or one for each benchmark by name; the hub where it is not said."""


def documents(*, benchmark: str, protocol: str, data: Data = None, **_: Any) -> "dict[str, Dataset]":
    """The benchmark's problems as lm-eval's documents.

    lm-eval calls it with the task's metadata, the model's arguments and what `--metadata` says. Raises `ValueError`
    for data that is missing or of another form, and for prompts that lm-eval cannot ask.
    """
    from datasets import Dataset

    where = data.get(benchmark) if isinstance(data, Mapping) else data
    rows = [
        _question(problem)
        | {
            "target": problem.reference if isinstance(problem.reference, str) else "",
            "id": problem.id,
            "benchmark": benchmark,
            "protocol": protocol,
            "data": where or "",
        }
        for problem in _problems(benchmark, protocol, where or "").values()
    ]
    return {"test": Dataset.from_list(rows)}


def process_results(doc: Mapping[str, str], results: Sequence[Sequence[str]]) -> dict[str, float]:
    """A document's figures from the responses to it.

    `acc`, `pass@k`, `no_answer` (nothing could be read as an answer) and `verifier_failed` (which counts as wrong)
    are shares of its responses; the benchmark's measures are made of all documents, so that here they are but `acc`.
    lm-eval does not say why a response ends, so that none is known to be cut off.
    """
    problem = _problems(doc["benchmark"], doc["protocol"], doc["data"])[doc["id"]]
    verdicts = judge((problem, response, None) for response in results[0])
    samples = [
        Sample(problem.id, index, response, 0, "stop", verdict, 0, problem.tags)
        for index, (response, verdict) in enumerate(zip(results[0], verdicts, strict=True))
    ]
    correct = [verdict.correct for verdict in verdicts]
    acc, count = mean(correct), len(correct)
    return {
        "acc": acc,
        **{f"pass@{k}": pass_at_k_of_problem(count, sum(correct), k) for k in powers_of_two(count)[1:]},
        "no_answer": mean([verdict.status == "no_answer" for verdict in verdicts]),
        "verifier_failed": mean([verdict.status in ("timeout", "error") for verdict in verdicts]),
        **{name: _Part(acc, problem, samples) for name in SPECS[doc["benchmark"]].measures},
    }


def __getattr__(name: str) -> "Callable[[Sequence[_Part]], float]":
    """`ifeval:prompt_loose` and its like: how lm-eval makes that measure of all documents."""
    benchmark, _, measure = name.partition(":")
    if benchmark not in SPECS or measure not in SPECS[benchmark].measures:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def aggregate(parts: Sequence[_Part]) -> float:
        samples = [sample for part in parts for sample in part.samples]
        return SPECS[benchmark].measures[measure]([part.problem for part in parts], samples).value

    return aggregate


class _Part(float):
    """What one document adds to a measure; as a number, for lm-eval's logs, the document's `acc`."""

    def __new__(cls, acc: float, problem: Problem, samples: Sequence[Sample]) -> "_Part":
        self = super().__new__(cls, acc)
        self.problem, self.samples = problem, samples
        return self

    problem: Problem
    samples: Sequence[Sample]


@functools.cache
def _problems(benchmark: str, protocol: str, data: str) -> Mapping[str, Problem]:
    """The benchmark's problems by id, read once."""
    made = SPECS[benchmark].benchmark(data=Path(data) if data else None, protocol=protocol)
    return {problem.id: problem for problem in made.load()}


def _question(problem: Problem) -> dict[str, str]:
    """The system message, empty where there is none, and the user's: lm-eval has no place for more.

    Raises `ValueError` for a prompt with images or earlier turns.
    """
    system = [message.content for message in problem.prompt[:-1] if message.role == "system"]
    last = problem.prompt[-1]
    if (
        last.role != "user"
        or len(system) > 1
        or len(system) < len(problem.prompt) - 1
        or any(message.images for message in problem.prompt)
    ):
        raise ValueError(
            f"The prompt of {problem.id} has images or several turns, which a text task of lm-eval cannot ask; "
            "evaluate it with `repro eval`."
        )
    return {"system": "".join(system), "question": last.content}

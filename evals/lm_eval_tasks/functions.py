"""What the task files name: a benchmark's documents, how responses are judged, how measures are made of them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.benchmarks import SPECS
from evals.judge import judge
from evals.metrics import mean, pass_at_k_of_problem
from evals.score import powers_of_two
from evals.types import Benchmark, Problem, Sample
from evals.vote import is_voted

if TYPE_CHECKING:
    from datasets import Dataset

Data = str | Mapping[str, str] | None
"""Where the data is: a path as for `--data`, or one for each benchmark by name; the hub where it is not said."""
Asked = tuple[str, str, str]
"""A benchmark's name, its protocol's, and where its data is: empty for the hub."""


def documents(*, benchmark: str, protocol: str, data: Data = None, **_: Any) -> "dict[str, Dataset]":
    """The benchmark's problems as lm-eval's documents.

    lm-eval calls it with the task's metadata, the model's arguments and what `--metadata` says. Raises `ValueError`
    for data that is missing or of another form, and for what lm-eval cannot ask: pictures, several turns, a vote.
    """
    from datasets import Dataset

    where = data.get(benchmark) if isinstance(data, Mapping) else data
    made = _benchmark(benchmark, protocol, where or "")
    if is_voted(made):
        raise ValueError(
            f"{benchmark} under {protocol} is a vote on tests that the model writes, which lm-eval cannot ask for; "
            "evaluate it with `repro eval`."
        )
    rows = [
        _question(problem)
        | {
            "target": problem.reference if isinstance(problem.reference, str) else "",
            "id": problem.id,
            "benchmark": benchmark,
            "protocol": protocol,
            "data": where or "",
        }
        for problem in made.load()
    ]
    return {"test": Dataset.from_list(rows)}


def process_results(doc: Mapping[str, str], results: Sequence[Sequence[str]]) -> dict[str, float]:
    """A document's figures from the responses to it.

    `acc`, `pass@k`, `no_answer` (nothing could be read as an answer) and `verifier_failed` (which counts as wrong)
    are shares of its responses; the benchmark's measures are made of all documents, so that here they are but `acc`.
    lm-eval does not say why a response ends, so that none is known to be cut off.
    """
    asked = (doc["benchmark"], doc["protocol"], doc["data"])
    problem = _problems(*asked)[doc["id"]]
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
        **{name: _Part(acc, asked, problem, samples) for name in _benchmark(*asked).measures},
    }


def __getattr__(name: str) -> "Callable[[Sequence[_Part]], float]":
    """`ifeval:prompt_loose` and its like: how lm-eval makes that measure of all documents."""
    benchmark, _, measure = name.partition(":")
    if benchmark not in SPECS or measure not in SPECS[benchmark].measures:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def aggregate(parts: Sequence[_Part]) -> float:
        samples = [sample for part in parts for sample in part.samples]
        of = _benchmark(*parts[0].asked).measures[measure]
        return of([part.problem for part in parts], samples).value

    return aggregate


class _Part(float):
    """What one document adds to a measure; as a number, for lm-eval's logs, the document's `acc`.

    `asked` is the benchmark, its protocol and its data, as `_benchmark` takes them.
    """

    def __new__(cls, acc: float, asked: Asked, problem: Problem, samples: Sequence[Sample]) -> "_Part":
        self = super().__new__(cls, acc)
        self.asked, self.problem, self.samples = asked, problem, samples
        return self

    def __getnewargs__(self) -> tuple[float, Asked, Problem, Sequence[Sample]]:  # type: ignore[override]
        """For pickle: lm-eval on several GPUs gathers the parts of all processes."""
        return float(self), self.asked, self.problem, self.samples

    asked: Asked
    problem: Problem
    samples: Sequence[Sample]


@functools.cache
def _benchmark(benchmark: str, protocol: str, data: str) -> Benchmark:
    """The benchmark with its data, read once."""
    return SPECS[benchmark].benchmark(data=Path(data) if data else None, protocol=protocol)


@functools.cache
def _problems(benchmark: str, protocol: str, data: str) -> Mapping[str, Problem]:
    """Its problems by id."""
    return {problem.id: problem for problem in _benchmark(benchmark, protocol, data).load()}


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

"""Samples to a `Score`: one row of `scores.jsonl`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.candidates import votes
from evals.metrics import maj_at_k, mean, mean_interval, pass_at_k, percentiles, problem_means
from evals.types import Benchmark, FinishReason, Sample, Score, Slice
from verifiers import STATUSES

UNCOUNTED = ("code", "instructions")
"""Verifiers of answers that no two responses share word for word, so that no majority can be found among them."""

FINISH_REASONS: tuple[FinishReason, ...] = ("stop", "length", "repeat")
"""How responses end. `refused`, where there is no response, is counted only if it occurs."""


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a score says of the checkpoint; the fields of the same name in `evals.types.Score`."""

    id: str
    stage: str
    iteration: int | None
    parents: tuple[str, ...]
    weights_digest: str
    engine: str = ""
    model_digest: str = ""


def score(
    samples: Sequence[Sample],
    *,
    checkpoint: CheckpointFacts,
    benchmark: Benchmark,
    data_digest: str,
    split: str,
    seed: int,
) -> Score:
    """Score all samples of one checkpoint on one benchmark.

    A sample counts 1 when its verdict is `correct` and 0 otherwise, whatever its status. Tokens are response
    tokens, the end token included. Raises `ValueError` unless every problem has
    `benchmark.samples_per_problem` samples, at least one problem in all.
    """
    table = by_problem(samples)
    k = benchmark.samples_per_problem
    if not table or any(len(row) != k for row in table.values()):
        raise ValueError(f"{benchmark.name} needs at least one problem and {k} samples of every problem.")
    outcomes = list(outcomes_by_problem(samples).values())
    tokens = [float(sample.response_tokens) for sample in samples]
    problems = benchmark.load() if benchmark.measures else []
    refused = sum(sample.finish_reason == "refused" for sample in samples)
    return Score(
        checkpoint=checkpoint.id,
        stage=checkpoint.stage,
        iteration=checkpoint.iteration,
        parents=checkpoint.parents,
        weights_digest=checkpoint.weights_digest,
        benchmark=benchmark.name,
        benchmark_version=benchmark.version,
        data_digest=data_digest,
        split=split,
        sampling=benchmark.sampling,
        seed=seed,
        problems=len(table),
        samples_per_problem=k,
        accuracy=mean_interval(problem_means(outcomes)),
        pass_at_k={str(size): pass_at_k(outcomes, size) for size in powers_of_two(k)},
        response_tokens_mean=mean(tokens),
        response_tokens_percentiles=percentiles(tokens),
        status_shares=shares((sample.verdict.status for sample in samples), STATUSES),
        finish_shares=shares(
            (sample.finish_reason for sample in samples), (*FINISH_REASONS, *["refused"] * bool(refused))
        ),
        by_tag=slices(samples),
        metric=benchmark.metric,
        measures={name: measure(problems, samples) for name, measure in benchmark.measures.items()},
        protocol=benchmark.protocol,
        caveats=(*benchmark.caveats, *[_refusals(refused, len(samples))] * bool(refused)),
        maj_at_k=_majorities(list(table.values()), k),
        engine=checkpoint.engine,
        model_digest=checkpoint.model_digest,
        verifiers=dict(sorted({(s.verdict.verifier, s.verdict.version) for s in samples})),
    )


def _refusals(refused: int, samples: int) -> str:
    return f"{refused:,} of {samples:,} samples have no response: the endpoint refused the prompt; counted as no answer"


def _majorities(table: Sequence[Sequence[Sample]], k: int) -> dict[str, float]:
    """maj@k for k = 2, 4, ..., where every problem's answers are ones that can be counted."""
    if any(sample.verdict.verifier in UNCOUNTED for row in table for sample in row):
        return {}
    voted = [votes(row) for row in table] if k > 1 else []
    return {str(size): maj_at_k(voted, size) for size in powers_of_two(k)[1:]}


def by_problem(samples: Iterable[Sample]) -> dict[str, list[Sample]]:
    """Samples grouped by problem id, both in the order given."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(sample.problem_id, []).append(sample)
    return groups


def outcomes_by_problem(samples: Iterable[Sample]) -> dict[str, list[float]]:
    """For each problem id, 1.0 per correct sample and 0.0 per other one: a table for `evals.metrics`."""
    return {
        problem: [float(sample.verdict.correct) for sample in group]
        for problem, group in by_problem(samples).items()
    }


def slices(samples: Sequence[Sample]) -> dict[str, Slice]:
    """One slice per tag, keyed `"key=value"` and sorted by it."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        for key, value in sample.tags.items():
            groups.setdefault(f"{key}={value}", []).append(sample)
    return {tag: slice_of(groups[tag]) for tag in sorted(groups)}


def slice_of(samples: Sequence[Sample]) -> Slice:
    """Accuracy and length of some samples; `truncated_share` counts those cut at the token limit."""
    outcomes = list(outcomes_by_problem(samples).values())
    return Slice(
        accuracy=mean_interval(problem_means(outcomes)),
        problems=len(outcomes),
        samples=len(samples),
        response_tokens_mean=mean([float(sample.response_tokens) for sample in samples]),
        truncated_share=mean([float(sample.finish_reason == "length") for sample in samples]),
    )


def shares(values: Iterable[str], names: Sequence[str]) -> dict[str, float]:
    """The share of each of `names` among `values` (all of which are in `names`); they sum to 1."""
    found = list(values)
    return {name: found.count(name) / len(found) for name in names}


def powers_of_two(limit: int) -> list[int]:
    """1, 2, 4, ... up to `limit`."""
    return [2**power for power in range(limit.bit_length())]

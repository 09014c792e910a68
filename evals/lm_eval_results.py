"""What lm-eval (0.4.13) made of its tasks, as our samples and score. Needs neither lm-eval nor torch."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, SupportsFloat, TypeGuard

from evals.metrics import mean, mean_interval
from evals.score import CheckpointFacts, score
from evals.types import Benchmark, Figure, FinishReason, Sample, Sampling, Score
from verifiers import Status, Verdict
from verifiers.intervals import Z95

VERIFIER = "lm-eval"
UNREAD = "[invalid]"
"""What lm-eval's filters make of a response in which they find no answer."""


class LmEvalError(ValueError):
    """A task of lm-eval that cannot be run or scored here; one sentence that says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a response took: its tokens, with the end token or stop string, and why it ends there."""

    tokens: int
    finish_reason: FinishReason


@dataclass(frozen=True, slots=True)
class TaskResult:
    """One task's part of what `lm_eval.evaluate` returns, and what it does not return.

    `rows` are its logged samples, `figures` its aggregated metrics, by `metric,filter`. `higher_is_better` is by
    metric. `costs` has the cost of each text drawn for a document, by the document's number. `judge_one` gives the
    metrics of a document with a single response to it.
    """

    name: str
    rows: Sequence[Mapping[str, Any]]
    figures: Mapping[str, Any]
    higher_is_better: Mapping[str, bool | None]
    costs: Mapping[int, Sequence[Cost]]
    judge_one: Callable[[Any, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a score says of the evaluation beside its results; fields of the same name in `evals.types.Score`.

    `name` is the task's or the group's, `way` how it was asked: the end of `Score.protocol`, whose beginning is the
    metric. `figures` are the group's own, or the task's. `version` is lm-eval's.
    """

    name: str
    task_version: str
    version: str
    way: str
    sampling: Sampling
    seed: int
    split: str
    data_digest: str
    figures: Mapping[str, Any]
    caveats: tuple[str, ...]


def to_score(
    results: Sequence[TaskResult], asked: Asked, checkpoint: CheckpointFacts, metric: str | None = None
) -> tuple[Score, list[Sample], dict[str, str]]:
    """The score of one task, or of a group's tasks together; its samples; the prompts by problem id.

    `metric` is one of lm-eval's as `metric,filter`; by default the first that says of each document how right it
    is. A document is one problem: of the k responses that a filter kept, each is a sample where the task can judge
    them one by one, else the document has one sample. A sample is correct where it has full marks. `accuracy` is the
    share of these; where lm-eval's own figure is another one, it is among the measures and named by `Score.metric`.
    Raises `LmEvalError` for an unknown metric and for tasks that cannot be scored together.
    """
    key = _choose(results, asked.name, metric)
    split_up = all(_by_response(result, row, key) for result in results for row in _kept(result, key))
    samples, prompts = [], {}
    for result in results:
        for row in _kept(result, key):
            made = list(_samples(result, row, key, asked, split_up, several=len(results) > 1))
            samples += made
            prompts[made[0].problem_id] = str(row["arguments"][0][0])
    k = len(samples) // len(prompts)
    folded = any(len(_responses(row)) > k for result in results for row in _kept(result, key))
    shares = [value for result in results for value in _values(result, key)]
    accuracy = mean([sample.verdict.correct for sample in samples])
    own = asked.figures.get(key)
    headline = "avg@k" if own is None or math.isclose(own, accuracy, abs_tol=1e-9) else key
    measures = _measures(results, asked.figures, key, shares, headline)
    benchmark = Benchmark(
        name=benchmark_name(asked.name),
        version=asked.task_version,
        description=f"lm-eval's {asked.name}.",
        load=lambda: [],
        sampling=asked.sampling,
        samples_per_problem=k,
        metric=headline,
        protocol=f"{key},{asked.way}",
        caveats=(
            f"run and judged by lm-eval {asked.version}",
            *asked.caveats,
            *(
                [f"{key} is lm-eval's figure; the accuracy counts full marks alone"]
                if headline == key
                else []
            ),
            *(
                ["lm-eval made one result of several responses to a document; the first is kept"]
                if folded
                else []
            ),
        ),
        measures={name: _constant(figure) for name, figure in measures.items()},
    )
    made_score = score(
        samples,
        checkpoint=checkpoint,
        benchmark=benchmark,
        data_digest=asked.data_digest,
        split=asked.split,
        seed=asked.seed,
    )
    # lm-eval's answers are whole responses where no filter cuts them, and no majority can be found among those.
    return replace(made_score, maj_at_k={}), samples, prompts


def benchmark_name(task: str) -> str:
    """What a task of lm-eval is called among benchmarks; our `gsm8k` and lm-eval's are different ones."""
    return f"lm-eval.{task.replace('/', '_')}"


# --- The metric -------------------------------------------------------------------------------------------


def _choose(results: Sequence[TaskResult], name: str, wanted: str | None) -> str:
    """The metric that decides which documents are right, the same for all tasks."""
    keys = [[key for key in _metrics(result) if _says_how_right(result, key)] for result in results]
    for result, found in zip(results, keys, strict=True):
        if not found:
            measured = ", ".join(dict.fromkeys(key.split(",")[0] for key in _metrics(result)))
            raise LmEvalError(
                f"lm-eval's {result.name} measures {measured}, which does not say which documents are right; "
                "a score needs that, so run this task with `lm_eval` itself."
            )
    shared = [key for key in keys[0] if all(key in found for found in keys)]
    if wanted is not None and wanted not in shared:
        raise LmEvalError(
            f"lm-eval's {name} has no metric {wanted!r} that says which documents are right; "
            f"choose from {'; '.join(shared) or 'those of each of its tasks'}."
        )
    if not shared:
        tasks = ", ".join(result.name for result in results[:4])
        raise LmEvalError(
            f"The tasks of {name} have no metric in common; name them one by one ({tasks}, ...)."
        )
    return wanted or shared[0]


def _metrics(result: TaskResult) -> list[str]:
    """Every `metric,filter`, in the task's order."""
    return list(dict.fromkeys(f"{name},{row['filter']}" for row in result.rows for name in row["metrics"]))


def _says_how_right(result: TaskResult, key: str) -> bool:
    """Whether each document has a value from 0 to 1, and more is better."""
    values = _values(result, key)
    return (
        result.higher_is_better.get(key.split(",")[0]) is not False
        and len(values) == len(_kept(result, key))
        and all(0 <= value <= 1 for value in values)
    )


def _values(result: TaskResult, key: str) -> list[float]:
    """The metric's value for each document that has a number for one."""
    metric = key.split(",")[0]
    found = [row.get(metric) for row in _kept(result, key)]
    return [float(value) for value in found if _is_number(value)]


def _kept(result: TaskResult, key: str) -> list[Mapping[str, Any]]:
    """The rows of the metric's filter: one for each document."""
    return [row for row in result.rows if row["filter"] == key.split(",", 1)[1]]


def _is_number(value: Any) -> TypeGuard[SupportsFloat]:
    # NumPy's numbers, which lm-eval's metrics are made of, are no `float`, but can be made one.
    return hasattr(value, "__float__") and not math.isnan(float(value))


# --- Samples ----------------------------------------------------------------------------------------------


def _by_response(result: TaskResult, row: Mapping[str, Any], key: str) -> list[float] | None:
    """The value of each response that the filter kept, where their mean is the document's; None otherwise."""
    metric, kept = key.split(",")[0], row["filtered_resps"][0]
    if not isinstance(kept, list) or not all(isinstance(response, str) for response in kept):
        return None
    if len(kept) == 1:
        return [float(row[metric])]
    found = [result.judge_one(row["doc"], response).get(metric) for response in kept]
    values = [float(value) for value in found if _is_number(value)]
    split_up = len(values) == len(kept) and math.isclose(mean(values), row[metric], abs_tol=1e-9)
    return values if split_up else None


def _samples(
    result: TaskResult, row: Mapping[str, Any], key: str, asked: Asked, split_up: bool, several: bool
) -> Iterator[Sample]:
    """The document's samples."""
    metric, document = key.split(",")[0], row["doc_id"]
    values = (_by_response(result, row, key) if split_up else None) or [float(row[metric])]
    responses, kept = _responses(row), row["filtered_resps"][0]
    answers = kept if split_up else [kept]
    costs = result.costs.get(document) or [Cost(0, "stop")] * len(responses)
    for index, value in enumerate(values):
        answer, cost = answers[index], costs[index]
        status: Status = "correct" if value == 1 else "wrong"
        if answer == UNREAD and value < 1:
            status = "truncated" if cost.finish_reason == "length" else "no_answer"
        yield Sample(
            problem_id=f"{result.name}/{document}",
            sample_index=index,
            response=responses[index],
            response_tokens=cost.tokens,
            finish_reason=cost.finish_reason,
            verdict=Verdict(
                status=status,
                score=value,
                answer=answer if isinstance(answer, str) and answer != UNREAD else None,
                layer=row["filter"],
                reason=f"lm-eval's {key} is {value:g}.",
                verifier=VERIFIER,
                version=asked.version,
            ),
            seed=asked.seed,
            tags={"task": result.name} if several else {},
        )


def _responses(row: Mapping[str, Any]) -> list[str]:
    """The texts drawn for a document, or one text that lists the log-likelihoods of what could have been."""
    first = row["resps"][0]
    if isinstance(first[0], str):
        return list(first)
    lines = (
        f"{response[0][0]:.6f} {request[1]!r}"
        for request, response in zip(row["arguments"], row["resps"], strict=True)
    )
    return ["\n".join(lines)]


# --- Figures ----------------------------------------------------------------------------------------------


def _measures(
    results: Sequence[TaskResult], own: Mapping[str, Any], key: str, values: Sequence[float], headline: str
) -> dict[str, Figure]:
    """lm-eval's other figures that have an interval; the headline always."""
    found = {}
    for name, raw in own.items():
        metric, _, kept = name.partition(",")
        if not kept or metric.endswith("_stderr") or not _is_number(raw) or (name == key != headline):
            continue
        value, error = float(raw), own.get(f"{metric}_stderr,{kept}")
        share = 0 <= value <= 1 and all(0 <= x <= 1 for result in results for x in _values(result, name))
        if _is_number(error):
            found[name] = _figure(value, Z95 * float(error), share)
        elif name == headline and math.isclose(mean(values), value, abs_tol=1e-9):
            interval = mean_interval(values)
            found[name] = Figure(interval.value, interval.low, interval.high)
        elif name == headline:
            found[name] = Figure(value, 0.0, 1.0)
    return found


def _figure(value: float, margin: float, share: bool) -> Figure:
    low, high = value - margin, value + margin
    return Figure(value, max(0.0, low), min(1.0, high)) if share else Figure(value, low, high, "rating")


def _constant(figure: Figure) -> Callable[..., Figure]:
    return lambda problems, samples: figure

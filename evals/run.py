"""Evaluate a model on a benchmark: draw, judge, store, resume.

Responses are drawn in shards whose composition follows from the benchmark and `shard_size` alone, and every
response has its own seed. So the samples are the same whether or not the evaluation was killed on the way.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evals.files import digest
from evals.judge import judge
from evals.model import Chat, Model, Reply, message_to_json
from evals.seeds import derive_seed
from evals.store import read_key, read_samples, write_samples
from evals.types import Benchmark, Problem, Sample, Sampling
from verifiers import verifier

SHARD_SIZE = 512
"""Responses per shard: what a kill loses at most."""

Row = tuple[Problem, int]
"""A problem and a sample index."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an evaluation is: responses judged, of how many, and tokens drawn in this call."""

    samples: int
    total: int
    tokens: int


def evaluate(
    model: Model,
    benchmark: Benchmark,
    *,
    seed: int,
    out: Path | None = None,
    weights_digest: str = "",
    model_digest: str = "",
    shard_size: int = SHARD_SIZE,
    workers: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[Sample]:
    """Draw and judge `benchmark.samples_per_problem` responses per problem; return them in order.

    With `out`, a parquet path, finished shards lie in `<out>.shards/` until all are done; then `out` is
    written whole. A call after a kill draws only what is missing, and one after the end draws nothing, as
    long as benchmark, data, weights, `model_digest`, sampling and seed are the same. Stored responses are judged
    anew where the verifier's version has changed. Raises `ValueError` for an empty benchmark, repeated problem ids, or
    `out` without `weights_digest`. `workers` as in `evals.judge.judge`.
    """
    if out is not None and not weights_digest:
        raise ValueError("evaluate(out=...) needs weights_digest, or it could resume with other weights.")
    if shard_size < 1:
        raise ValueError(f"shard_size is {shard_size}; it must be at least 1.")
    problems = _load(benchmark)
    key = samples_key(benchmark, data_digest(problems), weights_digest, model_digest, seed)
    rows = [(problem, index) for problem in problems for index in range(benchmark.samples_per_problem)]
    report = _Reporter(len(rows), on_progress)

    samples = _stored(out, key, rows, workers)
    if samples is None:
        samples = []
        for start in range(0, len(rows), shard_size):
            shard = rows[start : start + shard_size]
            shard_key = key | {"rows": [start, start + len(shard)]}
            path = None if out is None else shards_folder(out) / f"{start:08d}.parquet"
            done = _stored(path, shard_key, shard, workers)
            if done is None:
                done = _draw(model, benchmark, shard, seed, workers, report.tokens)
                _write(path, done, shard, shard_key)
            samples += done
            report.samples(len(done))
        _write(out, samples, rows, key)
    else:
        report.samples(len(samples))
    if out is not None:
        shutil.rmtree(shards_folder(out), ignore_errors=True)
    return samples


def data_digest(problems: Sequence[Problem]) -> str:
    """`sha256:...` of what is asked and how it is judged: id, prompt, reference, verifier and tags, in order.

    `difficulty` is left out: it is measured later and changes no score.
    """
    return digest([_problem(problem) for problem in problems])


def shards_folder(out: Path) -> Path:
    """Where the finished shards of `out` lie until all are done."""
    return out.with_name(f"{out.name}.shards")


def _load(benchmark: Benchmark) -> list[Problem]:
    problems = benchmark.load()
    if not problems or benchmark.samples_per_problem < 1:
        raise ValueError(f"Benchmark {benchmark.name} has no problems or asks for no samples.")
    if len({problem.id for problem in problems}) < len(problems):
        raise ValueError(f"Benchmark {benchmark.name} has two problems with the same id.")
    for kind in {problem.verifier for problem in problems}:
        verifier(kind)  # raises for a kind that there is not
    return problems


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.id,
        "prompt": [message_to_json(message) for message in problem.prompt],
        "reference": problem.reference,
        "verifier": problem.verifier,
        "tags": dict(problem.tags),
        **({"options": dict(problem.options)} if problem.options else {}),
        **({"stop": list(problem.stop)} if problem.stop else {}),
    }


def samples_key(
    benchmark: Benchmark, data: str, weights_digest: str, model_digest: str, seed: int
) -> dict[str, Any]:
    """Everything that samples follow from, by the names that a score has for it; `data` is the data digest.

    Stored samples with another key are not reused. A model whose digest is not known is told by its weights alone.
    """
    return {
        "benchmark": benchmark.name,
        "benchmark_version": benchmark.version,
        "data_digest": data,
        "weights_digest": weights_digest,
        **({"model_digest": model_digest} if model_digest else {}),
        "sampling": asdict(benchmark.sampling),
        "samples_per_problem": benchmark.samples_per_problem,
        "seed": seed,
    }


def _draw(
    model: Model,
    benchmark: Benchmark,
    rows: Sequence[Row],
    seed: int,
    workers: int,
    on_tokens: Callable[[int], None],
) -> list[Sample]:
    """Draw and judge one shard."""
    chats = [
        Chat(problem.prompt, derive_seed(seed, benchmark.name, problem.id, index)) for problem, index in rows
    ]
    replies = _replies(model, chats, benchmark.sampling, on_tokens)
    answers = [
        (problem, reply.text, reply.finish_reason) for (problem, _), reply in zip(rows, replies, strict=True)
    ]
    return [
        Sample(
            problem_id=problem.id,
            sample_index=index,
            response=reply.text,
            response_tokens=reply.tokens,
            finish_reason=reply.finish_reason,
            verdict=verdict,
            seed=chat.seed,
            tags=dict(problem.tags),
        )
        for (problem, index), chat, reply, verdict in zip(
            rows, chats, replies, judge(answers, workers), strict=True
        )
    ]


def _replies(
    model: Model, chats: Sequence[Chat], sampling: Sampling, on_tokens: Callable[[int], None]
) -> list[Reply]:
    replies = model.reply(chats, sampling, on_tokens)
    if len(replies) != len(chats):
        raise ValueError(f"The model answered {len(replies)} of {len(chats)} requests.")
    return replies


def _write(path: Path | None, samples: Sequence[Sample], rows: Sequence[Row], key: Mapping[str, Any]) -> None:
    if path is not None:
        write_samples(path, samples, {problem.id: _last_user(problem) for problem, _ in rows}, key)


def _stored(
    path: Path | None, key: Mapping[str, Any], rows: Sequence[Row], workers: int
) -> list[Sample] | None:
    """The samples in `path` if they were made from `key`, with verdicts of today's verifiers."""
    if path is None or read_key(path) != key:
        return None
    stored = read_samples(path)
    current = _rejudged(stored, rows, workers)
    if current != stored:
        _write(path, current, rows, key)
    return current


def _rejudged(samples: Sequence[Sample], rows: Sequence[Row], workers: int) -> list[Sample]:
    """`samples`, all judged anew if today's verifiers see the first of a kind otherwise (a new version)."""
    answers = [
        (problem, sample.response, sample.finish_reason)
        for sample, (problem, _) in zip(samples, rows, strict=True)
    ]
    first_of_kind = {problem.verifier: number for number, (problem, _) in reversed([*enumerate(rows)])}
    probes = judge([answers[number] for number in first_of_kind.values()])
    if all(
        samples[number].verdict == probe for number, probe in zip(first_of_kind.values(), probes, strict=True)
    ):
        return list(samples)
    verdicts = judge(answers, workers)
    return [replace(sample, verdict=verdict) for sample, verdict in zip(samples, verdicts, strict=True)]


def _last_user(problem: Problem) -> str:
    return next((message.content for message in reversed(problem.prompt) if message.role == "user"), "")


class _Reporter:
    """Adds up progress and passes it on."""

    def __init__(self, total: int, on_progress: Callable[[Progress], None] | None) -> None:
        self._now = Progress(0, total, 0)
        self._on_progress = on_progress

    def tokens(self, count: int) -> None:
        self._tell(replace(self._now, tokens=self._now.tokens + count))

    def samples(self, count: int) -> None:
        self._tell(replace(self._now, samples=self._now.samples + count))

    def _tell(self, now: Progress) -> None:
        self._now = now
        if self._on_progress is not None:
            self._on_progress(now)

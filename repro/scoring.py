"""Score one model on one benchmark: draw what is missing, judge, keep the samples, append the score."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from evals.model import Model
from evals.run import SHARD_SIZE, data_digest, evaluate, samples_key
from evals.score import CheckpointFacts, score
from evals.splits import Split
from evals.store import (
    append_score,
    identity,
    read_key,
    read_scores,
    replace_score,
    samples_path,
    settings_digest,
)
from evals.testcases import cyaron
from evals.types import Benchmark, Score
from evals.vote import is_voted, voted
from repro.console import RunMonitor
from repro.errors import InputError
from repro.models import model_caveats
from verifiers import KINDS


@dataclass(frozen=True)
class Task:
    """One benchmark to score a checkpoint on; `scores` is the file that the score goes to, `samples/` beside it."""

    benchmark: Benchmark
    data_digest: str
    split: Split
    seed: int
    scores: Path
    shard_size: int = SHARD_SIZE

    def samples(self, checkpoint: CheckpointFacts) -> Path:
        """The file of a checkpoint's samples."""
        asked = self.benchmark
        settings = settings_digest(
            checkpoint.model_digest, self.data_digest, asked.sampling, asked.samples_per_problem, self.seed
        )
        return samples_path(
            self.scores.parent,
            checkpoint.id,
            asked.name,
            self.split,
            asked.protocol,
            settings if asked.protocol else "",
        )


def make_task(
    benchmark: Benchmark, split: Split, seed: int, scores: Path, shard_size: int = SHARD_SIZE
) -> Task:
    """The task, with its problems made once.

    Raises `ValueError` where there are too few, and `MissingPackage` where a vote needs one, before anything is drawn.
    """
    if is_voted(benchmark):
        cyaron.sources()
    problems = benchmark.load()
    loaded = replace(benchmark, load=lambda: problems)
    return Task(loaded, data_digest(problems), split, seed, scores, shard_size)


def drawn_by(benchmark: Benchmark, temperature: float | None, max_tokens: int | None) -> Benchmark:
    """The benchmark with its protocol's sampling but for what is given."""
    sampling = benchmark.sampling
    return replace(
        benchmark,
        sampling=replace(
            sampling,
            temperature=sampling.temperature if temperature is None else temperature,
            max_tokens=max_tokens or sampling.max_tokens,
        ),
    )


def scored_already(task: Task, checkpoint: CheckpointFacts) -> Score | None:
    """The score that this model has on this task by the verifiers of today, if there is one.

    One by older verifiers is made anew from its samples, which are judged again and not drawn.
    """
    for row in read_scores(task.scores):
        if row.checkpoint == checkpoint.id and _same(row, task, checkpoint) and _judged_today(row):
            return row
    return None


def check_room(task: Task, checkpoint: CheckpointFacts) -> None:
    """A checkpoint's name stands for one set of weights in a scores file.

    A benchmark of the suite's own has one set of samples there too; one with protocols may have several, drawn in
    different ways. Raises `InputError` where samples would replace those of another evaluation, or names mislead.
    """
    name, split = task.benchmark.name, task.split
    elsewhere = "name a scores file in another folder with --scores."
    for row in read_scores(task.scores):
        if (row.checkpoint, row.benchmark, row.split) != (checkpoint.id, name, split):
            continue
        same = row.weights_digest == checkpoint.weights_digest
        if same and (task.benchmark.protocol or _same(row, task, checkpoint)):
            continue
        what = "other settings" if same else "other weights"
        raise InputError(
            f"{task.scores} already holds a score of {checkpoint.id} on {name} ({split}) "
            f"with {what}; {elsewhere}"
        )
    file = task.samples(checkpoint)
    key = read_key(file)
    if key is not None and any(key.get(field) != value for field, value in _key(task, checkpoint).items()):
        raise InputError(f"{file} holds the samples of another evaluation; {elsewhere}")


def score_model(
    task: Task, model: Model, checkpoint: CheckpointFacts, monitor: RunMonitor, label: str
) -> Score:
    """The score of a model under a task; `label` says on the console what is drawn."""
    benchmark = task.benchmark
    with monitor.evaluation(label, len(benchmark.load()) * benchmark.samples_per_problem) as report:
        samples = evaluate(
            model,
            benchmark,
            seed=task.seed,
            out=task.samples(checkpoint),
            weights_digest=checkpoint.weights_digest,
            model_digest=checkpoint.model_digest,
            shard_size=task.shard_size,
            on_progress=report,
        )
    if is_voted(benchmark):
        folder, digest = task.samples(checkpoint).with_suffix(".tests"), checkpoint.model_digest
        benchmark = voted(model, benchmark, samples, seed=task.seed, folder=folder, model_digest=digest)
    benchmark = replace(benchmark, caveats=(*benchmark.caveats, *model_caveats(model, benchmark.load())))
    made = score(
        samples,
        checkpoint=checkpoint,
        benchmark=benchmark,
        data_digest=task.data_digest,
        split=task.split,
        seed=task.seed,
    )
    keep_score(task.scores, made)
    return made


def keep_score(scores: Path, made: Score) -> None:
    """Append a score, or put it in the place of one by older verifiers; in turn with evaluations that end too."""
    with _alone_in(scores.parent):
        there = [row for row in read_scores(scores) if identity(row) == identity(made)]
        if there and there[0].verifiers != made.verifiers:
            replace_score(scores, made)
        else:
            append_score(scores, made)


def _same(row: Score, task: Task, checkpoint: CheckpointFacts) -> bool:
    """Whether a row is of these weights and this task."""
    key = _key(task, checkpoint)
    found = {field: getattr(row, field) for field in key} | {"sampling": asdict(row.sampling)}
    return (row.split, row.protocol) == (task.split, task.benchmark.protocol) and found == key


def _judged_today(row: Score) -> bool:
    known = {kind: version for kind, version in row.verifiers.items() if kind in KINDS}
    return all(version == import_module(KINDS[kind]).VERSION for kind, version in known.items())


def _key(task: Task, checkpoint: CheckpointFacts) -> dict[str, Any]:
    weights, model = checkpoint.weights_digest, checkpoint.model_digest
    return samples_key(task.benchmark, task.data_digest, weights, model, task.seed)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

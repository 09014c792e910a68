"""`repro eval`: score any Hugging Face checkpoint directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from evals.engine import Engine
    from evals.score import CheckpointFacts
    from evals.types import Benchmark, Sampling, Score
    from repro.console import RunMonitor


class Split(StrEnum):
    """The splits that scores are of."""

    TEST = "test"
    VALIDATION = "validation"


class Dtype(StrEnum):
    """The precision in which a model is run."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


@dataclass(frozen=True)
class Task:
    """One benchmark to score a checkpoint on; `scores` is the file that the score goes to."""

    benchmark: "Benchmark"
    data_digest: str
    split: Split
    seed: int
    scores: Path
    batch: int


def evaluate(
    checkpoint: Annotated[
        Path,
        typer.Argument(help="A Hugging Face checkpoint directory, or a .gguf file.", metavar="CHECKPOINT"),
    ],
    benchmark: Annotated[
        list[str], typer.Option(help="A benchmark; more than one may be given.", metavar="NAME")
    ],
    split: Annotated[
        Split, typer.Option(metavar="NAME", help="Which problems: test or validation.")
    ] = Split.TEST,
    problems_per_level: Annotated[
        int, typer.Option(min=1, metavar="N", help="Problems of each level.")
    ] = 250,
    data: Annotated[
        Path | None, typer.Option(metavar="PATH", help="A public benchmark's data: a file or a directory.")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(metavar="NAME", help="A public benchmark's protocol (default: its first).")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the first N problems of a public benchmark.")
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Responses to each problem (default: the protocol's)."),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="T", help="Temperature (default: the protocol's); 0 is greedy."),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Longest response (default: the protocol's).")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the problems and the sampling.")] = 0,
    device: Annotated[str, typer.Option(metavar="NAME", help="Where the model runs: cpu, cuda, ...")] = "cpu",
    dtype: Annotated[
        Dtype, typer.Option(metavar="NAME", help="Its precision: float32, bfloat16 or float16.")
    ] = Dtype.FLOAT32,
    batch: Annotated[int, typer.Option(min=1, metavar="N", help="Responses drawn at a time.")] = 256,
    scores: Annotated[Path, typer.Option(metavar="FILE", help="Where scores go, samples/ beside it.")] = Path(
        "scores.jsonl"
    ),
    as_json: Json = False,
) -> None:
    """Score a checkpoint on benchmarks, or go on with it."""
    from evals.benchmarks import load_benchmark
    from evals.store import read_scores

    tasks = []
    with bad_input():
        for name in dict.fromkeys(benchmark):
            made = load_benchmark(
                name,
                split=split.value,
                problems_per_level=problems_per_level,
                samples_per_problem=samples,
                seed=seed,
                data=data,
                protocol=protocol,
                limit=limit,
            )
            made = replace(made, sampling=_sampling(made.sampling, temperature, max_tokens))
            tasks.append(make_task(made, split, seed, scores, batch))
        read_scores(scores)  # to find damage in it now
    if not checkpoint.is_dir() and checkpoint.suffix != ".gguf":
        raise InputError(f"There is no checkpoint directory {checkpoint}.")

    from rich.console import Console

    from repro.commands.models import check_device, quiet_transformers
    from repro.console import RunMonitor
    from training.checkpoint import load_checkpoint
    from training.engine.local import LocalEngine
    from training.engine.repetition import RepeatStop
    from training.preflight import check_sandbox

    check_device(device)
    check_sandbox(problem for task in tasks for problem in task.benchmark.load())
    quiet_transformers()
    model, tokenizer = load_checkpoint(checkpoint, device, dtype.value)
    facts = facts_of(checkpoint)
    for task in tasks:
        check_room(task, facts)
    engine = LocalEngine(model, tokenizer, max_batch=batch, repeat_stop=RepeatStop())
    monitor = RunMonitor(Console(stderr=True), facts.id, None)
    made_scores = [score_once(task, engine, facts, monitor) for task in tasks]
    if as_json:
        print_json({"scores_file": str(scores), "scores": [asdict(score) for score in made_scores]})
    else:
        _show(made_scores)
        note(f"The scores are in {scores}.")


def _sampling(protocol: "Sampling", temperature: float | None, max_tokens: int | None) -> "Sampling":
    """The protocol's, but for what is given."""
    return replace(
        protocol,
        temperature=protocol.temperature if temperature is None else temperature,
        max_tokens=max_tokens or protocol.max_tokens,
    )


def make_task(benchmark: "Benchmark", split: Split, seed: int, scores: Path, batch: int) -> Task:
    """The task, with its problems made once. Raises `ValueError` where there are too few."""
    from evals.run import data_digest

    problems = benchmark.load()
    loaded = replace(benchmark, load=lambda: problems)
    return Task(loaded, data_digest(problems), split, seed, scores, batch)


def facts_of(path: Path) -> "CheckpointFacts":
    """What a score says of the checkpoint; one of somebody else is `external` and named by its directory."""
    from evals.score import CheckpointFacts
    from training.checkpoint import read_info, weights_digest

    info = read_info(path)
    if info is None:
        return CheckpointFacts(
            path.resolve().name.removesuffix(".gguf"), "external", None, (), weights_digest(path)
        )
    return CheckpointFacts(info.id, info.stage, info.iteration, info.parents, info.weights_digest)


def check_room(task: Task, checkpoint: "CheckpointFacts") -> None:
    """A scores file keeps one set of samples per checkpoint, benchmark and split.

    Raises `InputError` where the samples would replace those of another evaluation.
    """
    from evals.store import read_key, read_scores, samples_path

    name, split = task.benchmark.name, task.split.value
    elsewhere = "name a scores file in another folder with --scores."
    for row in read_scores(task.scores):
        if (row.checkpoint, row.benchmark, row.split) != (checkpoint.id, name, split) or _same(
            row, task, checkpoint
        ):
            continue
        what = "other weights" if row.weights_digest != checkpoint.weights_digest else "other settings"
        raise InputError(
            f"{task.scores} already holds a score of {checkpoint.id} on {name} ({split}) "
            f"with {what}; {elsewhere}"
        )
    file = samples_path(task.scores.parent, checkpoint.id, name, split)
    key = read_key(file)
    if key is not None and any(key.get(field) != value for field, value in _key(task, checkpoint).items()):
        raise InputError(f"{file} holds the samples of another evaluation; {elsewhere}")


def score_once(task: Task, engine: "Engine", checkpoint: "CheckpointFacts", monitor: "RunMonitor") -> "Score":
    """Draw what is missing, judge, and append the score; return the score there is if there is one."""
    from evals.model import EngineModel
    from evals.run import evaluate
    from evals.score import score
    from evals.store import append_score, read_scores, samples_path

    benchmark, split = task.benchmark, task.split.value
    for row in read_scores(task.scores):
        if row.checkpoint == checkpoint.id and _same(row, task, checkpoint):
            monitor.log(f"scored on {benchmark.name}/{split} already")
            return row
    total = len(benchmark.load()) * benchmark.samples_per_problem
    with monitor.evaluation(benchmark.name, total) as report:
        samples = evaluate(
            EngineModel(engine),
            benchmark,
            seed=task.seed,
            out=samples_path(task.scores.parent, checkpoint.id, benchmark.name, split),
            weights_digest=checkpoint.weights_digest,
            shard_size=task.batch,
            on_progress=report,
        )
    made = score(
        samples,
        checkpoint=checkpoint,
        benchmark=benchmark,
        data_digest=task.data_digest,
        split=split,
        seed=task.seed,
    )
    with _alone_in(task.scores.parent):
        append_score(task.scores, made)
    return made


def _same(row: "Score", task: Task, checkpoint: "CheckpointFacts") -> bool:
    """Whether a row is of these weights and this task."""
    key = _key(task, checkpoint)
    found = {field: getattr(row, field) for field in key} | {"sampling": asdict(row.sampling)}
    return row.split == task.split.value and found == key


def _key(task: Task, checkpoint: "CheckpointFacts") -> dict[str, object]:
    """What the samples follow from, by the names that scores and stored samples have for it."""
    return {
        "benchmark": task.benchmark.name,
        "benchmark_version": task.benchmark.version,
        "data_digest": task.data_digest,
        "weights_digest": checkpoint.weights_digest,
        "sampling": asdict(task.benchmark.sampling),
        "samples_per_problem": task.benchmark.samples_per_problem,
        "seed": task.seed,
    }


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let evaluations that end at the same time append to one file in turn."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _show(scores: "list[Score]") -> None:
    from reports.text import bounds, count, percent, plural

    columns = [
        ("benchmark", "name"),
        *((name, "right") for name in ("accuracy %", "95 %", "tokens", "cut %", "samples")),
    ]
    rows = [
        (
            f"{s.benchmark} ({s.split})",
            percent(s.accuracy.value),
            bounds(percent(s.accuracy.low), percent(s.accuracy.high)),
            count(s.response_tokens_mean),
            percent(s.finish_shares["length"]),
            f"{s.problems:,} × {s.samples_per_problem}",
        )
        for s in scores
    ]
    print_table(f"{scores[0].checkpoint}, {plural(len(scores), 'benchmark')}", columns, rows)
    for s in scores:
        for name, value in s.measures.items():
            within = bounds(percent(value.low), percent(value.high))
            note(f"{s.benchmark}, {name}: {percent(value.value)} % {within}")
        for caveat in s.caveats:
            note(f"{s.benchmark} ({s.protocol}): {caveat}")

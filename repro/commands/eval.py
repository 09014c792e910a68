"""`repro eval`: score any Hugging Face checkpoint directory."""

from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repro.commands.output import Json, note, print_json, print_table
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from evals.score import CheckpointFacts
    from evals.types import Sampling, Score


class Split(StrEnum):
    """The splits that scores are of."""

    TEST = "test"
    VALIDATION = "validation"


class Dtype(StrEnum):
    """The precision in which a model is run."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


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
    cache: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keeps replies (default: generations.sqlite beside the scores)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Score a checkpoint on benchmarks, or go on with it."""
    from evals.benchmarks import load_benchmark
    from evals.store import read_scores
    from repro.scoring import check_room, make_task, score_model, scored_already

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
            tasks.append(make_task(made, split.value, seed, scores, batch))
        read_scores(scores)  # to find damage in it now
    if not checkpoint.is_dir() and checkpoint.suffix != ".gguf":
        raise InputError(f"There is no checkpoint directory {checkpoint}.")

    from rich.console import Console

    from evals.generations import CachedModel
    from evals.model import EngineModel
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
    cached = CachedModel(
        EngineModel(engine),
        f"{facts.weights_digest} {dtype.value}",
        cache or scores.parent / "generations.sqlite",
    )
    monitor = RunMonitor(Console(stderr=True), facts.id, None)
    made_scores = []
    for task in tasks:
        known = scored_already(task, facts)
        if known is not None:
            monitor.log(f"scored on {known.benchmark}/{known.split} already")
        made_scores.append(known or score_model(task, cached, facts, monitor, task.benchmark.name))
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


def _show(scores: "list[Score]") -> None:
    from reports.text import bounds, count, figure_text, percent, plural

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
        for k, value in s.maj_at_k.items():
            note(f"{s.benchmark}, maj@{k}: {percent(value)} %")
        for name, figure in s.measures.items():
            note(f"{s.benchmark}, {name}: {figure_text(figure)}")
        for caveat in s.caveats:
            note(f"{s.benchmark} ({s.protocol}): {caveat}")

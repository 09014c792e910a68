"""`repro eval`: score a checkpoint, or a model behind an endpoint, on benchmarks."""

import json
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repro.commands.output import Json, note, print_json
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from evals.endpoint import Endpoint
    from evals.score import CheckpointFacts
    from evals.types import Score
    from repro.console import RunMonitor
    from repro.models import Subject
    from repro.scoring import Task
    from training.lm_harness import LmEvalTask

ENDPOINT_OPTIONS = (
    "model_name", "api_key_env", "concurrency", "requests_per_minute", "tokens_per_minute", "price_in", "price_out",
    "budget", "max_tokens_field", "thinking_open", "retries", "timeout", "max_refused", "extra",
)  # fmt: skip
VLLM_OPTIONS = ("tensor_parallel", "max_model_len", "gpu_memory")
BENCHMARK_OPTIONS = ("split", "problems_per_level", "data", "protocol", "samples", "cache")
HARNESS_OPTIONS = ("include_path", "lm_eval_metric", "few_shot", "chat", "metadata", "run_unsafe_code")
ENDPOINT_SHARD = 8192
"""Replies between two writings of an endpoint's samples."""
BENCHMARK, HARNESS = "Benchmark", "Task of lm-eval"
MODEL, ENDPOINT = "Model in this process", "Model behind an endpoint"


HARNESS_BATCH = 16
"""Prompts in one forward pass of lm-eval, which pads them all to the longest."""


class Split(StrEnum):
    """The splits that scores are of."""

    TEST = "test"
    VALIDATION = "validation"


class Dtype(StrEnum):
    """The precision in which a model is run."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class MaxTokensField(StrEnum):
    """What an endpoint calls the longest response."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


class Engine(StrEnum):
    """What draws the responses of a checkpoint."""

    LOCAL = "local"
    VLLM = "vllm"


def evaluate(
    context: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            help="A Hugging Face checkpoint directory, a .gguf file, package:NAME/FILE, or the URL of an "
            "OpenAI-compatible endpoint.",
            metavar="MODEL",
        ),
    ],
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            help="A benchmark; more than one may be given.", metavar="NAME", rich_help_panel=BENCHMARK
        ),
    ] = None,
    split: Annotated[
        Split,
        typer.Option(metavar="NAME", help="Which problems: test or validation.", rich_help_panel=BENCHMARK),
    ] = Split.TEST,
    problems_per_level: Annotated[
        int, typer.Option(min=1, metavar="N", help="Problems of each level.", rich_help_panel=BENCHMARK)
    ] = 250,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A public benchmark's data: a file or a directory.",
            rich_help_panel=BENCHMARK,
        ),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A public benchmark's protocol (default: its first).",
            rich_help_panel=BENCHMARK,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Only the first N problems of a public benchmark.",
            rich_help_panel=BENCHMARK,
        ),
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
    batch: Annotated[int, typer.Option(min=1, metavar="N", help="Responses drawn at a time.")] = 256,
    scores: Annotated[Path, typer.Option(metavar="FILE", help="Where scores go, samples/ beside it.")] = Path(
        "scores.jsonl"
    ),
    cache: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keeps replies (default: generations.sqlite beside the scores)."),
    ] = None,
    engine: Annotated[
        Engine,
        typer.Option(metavar="NAME", help="What draws responses: local or vllm.", rich_help_panel=MODEL),
    ] = Engine.LOCAL,
    device: Annotated[
        str, typer.Option(metavar="NAME", help="Where the model runs: cpu, cuda, ...", rich_help_panel=MODEL)
    ] = "cpu",
    dtype: Annotated[
        Dtype | None,
        typer.Option(
            metavar="NAME",
            help="Its precision: float32, bfloat16 or float16 (default: float32; in vLLM, as it was saved).",
            rich_help_panel=MODEL,
        ),
    ] = None,
    tensor_parallel: Annotated[
        int, typer.Option(min=1, metavar="N", help="GPUs that vLLM splits it over.", rich_help_panel=MODEL)
    ] = 1,
    max_model_len: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="vLLM's bound of prompt and response.", rich_help_panel=MODEL),
    ] = None,
    gpu_memory: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Of a GPU's memory, for vLLM.", rich_help_panel=MODEL),
    ] = 0.9,
    lm_eval: Annotated[
        list[str] | None,
        typer.Option(
            help="A task, group or task file of lm-eval, run by it; more than one may be given.",
            metavar="TASK",
            rich_help_panel=HARNESS,
        ),
    ] = None,
    include_path: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder with more task files.", rich_help_panel=HARNESS),
    ] = None,
    lm_eval_metric: Annotated[
        str | None,
        typer.Option(
            metavar="METRIC,FILTER", help="What decides (default: the first).", rich_help_panel=HARNESS
        ),
    ] = None,
    few_shot: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Examples (default: the task's).", rich_help_panel=HARNESS),
    ] = None,
    chat: Annotated[
        bool | None,
        typer.Option(
            "--chat/--no-chat",
            help="Through the chat template (default: where there is one).",
            rich_help_panel=HARNESS,
        ),
    ] = None,
    metadata: Annotated[
        str, typer.Option(metavar="JSON", help="For the task, as lm-eval's.", rich_help_panel=HARNESS)
    ] = "{}",
    run_unsafe_code: Annotated[
        bool,
        typer.Option(
            "--run-unsafe-code",
            help="Let lm-eval run programs, which it does outside any sandbox.",
            rich_help_panel=HARNESS,
        ),
    ] = False,
    model_name: Annotated[
        str,
        typer.Option(
            "--model", metavar="NAME", help="The endpoint's name of the model.", rich_help_panel=ENDPOINT
        ),
    ] = "",
    api_key_env: Annotated[
        str | None,
        typer.Option(
            metavar="VARIABLE",
            help="The environment variable with the API key.",
            rich_help_panel=ENDPOINT,
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, metavar="N", help="Requests at a time.", rich_help_panel=ENDPOINT)
    ] = 16,
    requests_per_minute: Annotated[
        float | None, typer.Option(metavar="N", help="Rate limit.", rich_help_panel=ENDPOINT)
    ] = None,
    tokens_per_minute: Annotated[
        float | None,
        typer.Option(metavar="N", help="Rate limit, of prompt and response.", rich_help_panel=ENDPOINT),
    ] = None,
    price_in: Annotated[
        float | None,
        typer.Option(metavar="USD", help="Per million prompt tokens.", rich_help_panel=ENDPOINT),
    ] = None,
    price_out: Annotated[
        float | None,
        typer.Option(metavar="USD", help="Per million response tokens.", rich_help_panel=ENDPOINT),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="USD", help="Stop at this cost.", rich_help_panel=ENDPOINT)
    ] = None,
    max_tokens_field: Annotated[
        MaxTokensField,
        typer.Option(
            metavar="NAME",
            help="The request's field for the longest response: max_tokens or max_completion_tokens.",
            rich_help_panel=ENDPOINT,
        ),
    ] = MaxTokensField.MAX_TOKENS,
    thinking_open: Annotated[
        str,
        typer.Option(
            metavar="MARK",
            help="The mark of thinking, such as <think>, that the server's template opens.",
            rich_help_panel=ENDPOINT,
        ),
    ] = "",
    retries: Annotated[
        int, typer.Option(min=0, metavar="N", help="Tries after a passing failure.", rich_help_panel=ENDPOINT)
    ] = 8,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="Wait without a byte.", rich_help_panel=ENDPOINT)
    ] = 600.0,
    max_refused: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Prompts that may be refused for good (too long, filtered), counted as no answer.",
            rich_help_panel=ENDPOINT,
        ),
    ] = 10,
    extra: Annotated[
        str,
        typer.Option(
            metavar="JSON", help='More fields of a request, such as {"top_k": 20}.', rich_help_panel=ENDPOINT
        ),
    ] = "{}",
    as_json: Json = False,
) -> None:
    """Score a model on benchmarks, or go on with it."""
    from evals.benchmarks import load_benchmark
    from evals.store import read_scores
    from repro.scoring import drawn_by, make_task

    names, harness_tasks = list(dict.fromkeys(benchmark or ())), list(dict.fromkeys(lm_eval or ()))
    remote = model.startswith(("http://", "https://"))
    if not names and not harness_tasks:
        raise InputError("There is nothing to score on; name a benchmark with --benchmark or --lm-eval.")
    if harness_tasks and (remote or engine is not Engine.LOCAL):
        raise InputError(
            "lm-eval's tasks are run on a checkpoint by the local engine; leave the endpoint or --engine out."
        )
    _refuse_what_has_no_effect(context, remote, engine, bool(names), bool(harness_tasks))
    if names and few_shot is not None:
        note(f"--few-shot is of lm-eval's tasks alone; {', '.join(names)} is asked as its protocol says.")
    endpoint = None
    tasks = []
    with bad_input():
        if remote:
            endpoint = _endpoint(
                base_url=model,
                model=model_name,
                api_key_env=api_key_env,
                concurrency=concurrency,
                requests_per_minute=requests_per_minute,
                tokens_per_minute=tokens_per_minute,
                price_in=price_in,
                price_out=price_out,
                budget=budget,
                max_tokens_field=max_tokens_field.value,
                thinking_open=thinking_open,
                retries=retries,
                timeout=timeout,
                max_refused=max_refused,
                extra=extra,
            )
        for name in names:
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
            made = drawn_by(made, temperature, max_tokens)
            # Replies of an endpoint are kept as they come, and one that is late should not hold up the others.
            tasks.append(make_task(made, split.value, seed, scores, ENDPOINT_SHARD if remote else batch))
        if harness_tasks:
            harness = _harness_task(
                include_path=include_path,
                metric=lm_eval_metric,
                few_shot=few_shot,
                limit=limit,
                chat=chat,
                temperature=temperature,
                max_tokens=max_tokens,
                metadata=metadata,
                run_unsafe_code=run_unsafe_code,
            )
        read_scores(scores)  # to find damage in it now

    from rich.console import Console

    from repro.checkpoint_source import locate
    from repro.console import RunMonitor
    from repro.models import Local, Vllm, subject_of_checkpoint, subject_of_endpoint

    console = Console(stderr=True)
    if endpoint is not None:
        subject = subject_of_endpoint(endpoint, on_wait=note)
    else:
        from repro.commands.models import check_device, quiet_transformers

        check_device(device)
        quiet_transformers()
        if engine is Engine.VLLM:
            how: Local | Vllm = Vllm(tensor_parallel, max_model_len, gpu_memory)
        else:
            how = Local(device, batch)
        precision = dtype.value if dtype else how.dtype
        subject = subject_of_checkpoint(model, how, precision)
    monitor = RunMonitor(console, subject.facts.id, None)
    made_scores = _on_benchmarks(subject, tasks, cache or scores.parent / "generations.sqlite", monitor)
    if harness_tasks:
        made_scores += _on_harness_tasks(
            [replace(harness, name=name) for name in harness_tasks],
            path=locate(model),
            device=device,
            dtype=precision,
            facts=subject.facts,
            scores=scores,
            seed=seed,
            batch=min(batch, HARNESS_BATCH),
            monitor=monitor,
        )
    if as_json:
        print_json({"scores_file": str(scores), "scores": [asdict(score) for score in made_scores]})
    else:
        from repro.commands.eval_tables import show_scores

        show_scores(made_scores)
        note(f"The scores are in {scores}.")


def _refuse_what_has_no_effect(
    context: typer.Context, remote: bool, engine: Engine, benchmarks: bool, harness: bool
) -> None:
    """Raise `InputError` for an option that was given and does nothing for this model or these tasks."""
    unused = {
        "of a model behind an endpoint": () if remote else ENDPOINT_OPTIONS,
        "of a checkpoint": ("engine", "device", "dtype", *VLLM_OPTIONS) if remote else (),
        "of --engine vllm": () if remote or engine is Engine.VLLM else VLLM_OPTIONS,
        "of the local engine": ("device",) if engine is Engine.VLLM else (),
        "of --benchmark": () if benchmarks else BENCHMARK_OPTIONS,
        "of --lm-eval": () if harness else HARNESS_OPTIONS,
    }
    for whose, names in unused.items():
        for parameter in context.command.params:
            source = context.get_parameter_source(parameter.name or "")
            if parameter.name in names and source is not None and source.name == "COMMANDLINE":
                raise InputError(f"{parameter.opts[0]} is {whose}, and has no effect here; leave it out.")


def _harness_task(*, metadata: str, **settings: Any) -> "LmEvalTask":
    """The settings of lm-eval's tasks, without a name."""
    from training.lm_harness import LmEvalTask

    try:
        given = json.loads(metadata)
    except ValueError as error:
        raise ValueError(f"The --metadata {metadata!r} is not JSON ({error}).") from None
    if not isinstance(given, dict):
        raise ValueError(f'The --metadata {metadata!r} is no JSON object, such as {{"data": "test.jsonl"}}.')
    return LmEvalTask("", metadata=given, **settings)


def _endpoint(*, extra: str, **facts: Any) -> "Endpoint":
    from evals.endpoint import Endpoint, parse_extra

    made = Endpoint(extra=parse_extra(extra), **facts)
    made.api_key()  # raises where it is not set
    return made


def _on_benchmarks(
    subject: "Subject", tasks: "list[Task]", cache: Path, monitor: "RunMonitor"
) -> "list[Score]":
    """The scores on the suite's benchmarks; the model is opened where something is left to do."""
    from evals.generations import CachedModel
    from repro.commands.eval_tables import tell_usage
    from repro.scoring import check_room, score_model, scored_already
    from training.preflight import check_sandbox

    known = [scored_already(task, subject.facts) for task in tasks]
    left = [task for task, score in zip(tasks, known, strict=True) if score is None]
    check_sandbox(problem for task in left for problem in task.benchmark.load())
    for task in left:
        check_room(task, subject.facts)
    opened = subject.open() if left else None
    made = []
    try:
        for task, score in zip(tasks, known, strict=True):
            if score is not None:
                monitor.log(f"scored on {score.benchmark}/{score.split} already")
                made.append(score)
            elif opened is not None:
                cached = CachedModel(opened, subject.facts.model_digest, cache)
                made.append(score_model(task, cached, subject.facts, monitor, task.benchmark.name))
    finally:
        tell_usage(opened)
    return made


def _on_harness_tasks(
    tasks: "list[LmEvalTask]",
    *,
    path: Path,
    device: str,
    dtype: str,
    facts: "CheckpointFacts",
    scores: Path,
    seed: int,
    batch: int,
    monitor: "RunMonitor",
) -> "list[Score]":
    """The scores on tasks of lm-eval."""
    from repro.scoring import keep_score
    from training.checkpoint import load_checkpoint
    from training.lm_harness import run_task

    model, tokenizer = load_checkpoint(path, device, dtype)
    made = []
    for task in tasks:
        label = f"lm-eval's {task.name}"
        with monitor.requests(label) as report:
            score = run_task(
                model, tokenizer, facts, task, scores=scores, seed=seed, batch=batch, on_progress=report
            )
        keep_score(scores, score)
        made.append(score)
    return made

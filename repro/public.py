"""Public benchmarks of a run: the recipe names checkpoints, the run's own or others, and what to score them on."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from evals.benchmarks import load_benchmark
from evals.data import DataError
from evals.files import atomic_write_text
from evals.model import EngineModel
from evals.types import Benchmark
from repro.checkpoint_source import locate
from repro.errors import InputError
from repro.recipe import PublicScore
from repro.run import Run
from repro.run_dir import STAGES, checkpoint_dir
from repro.scoring import check_room, make_task, score_model, scored_already
from training.checkpoint import facts_of, load_checkpoint
from training.engine.local import LocalEngine
from training.engine.repetition import RepeatStop
from training.preflight import PreflightError, check_sandbox

SEED = 0
FILE = "public.json"


@dataclass(frozen=True)
class NotScored:
    """A score that the recipe asks for and that could not be made here, and why."""

    benchmark: str
    checkpoint: str
    why: str


def score_public(run: Run) -> None:
    """Score what the recipe's `public` names; what cannot be had on this machine is noted in `public.json`.

    A benchmark's data, a package or a checkpoint that is not there does not stop a run whose training is done.
    """
    missing = []
    for wanted in run.recipe.public:
        try:
            _score(run, wanted)
        except (DataError, InputError, PreflightError) as error:
            missing.append(NotScored(wanted.benchmark, wanted.checkpoint, str(error)))
            run.monitor("public").log(f"{wanted.benchmark} not scored: {error}")
    if run.recipe.public:
        rows = [asdict(row) for row in missing]
        atomic_write_text(run.root / FILE, json.dumps({"not_scored": rows}, indent=1) + "\n")


def _score(run: Run, wanted: PublicScore) -> None:
    path = _path(run, wanted.checkpoint)
    task = make_task(_benchmark(wanted), "test", SEED, run.root / "scores.jsonl", wanted.batch)
    check_sandbox(task.benchmark.load())
    facts = facts_of(path)
    monitor = run.monitor("public")
    if scored_already(task, facts) is not None:
        monitor.log(f"{facts.id} on {wanted.benchmark} done already")
        return
    check_room(task, facts)
    model, tokenizer = load_checkpoint(path, run.recipe.device, run.recipe.dtype)
    engine = LocalEngine(model, tokenizer, max_batch=wanted.batch, repeat_stop=RepeatStop())
    made = score_model(task, EngineModel(engine), facts, monitor, f"{facts.id} on {wanted.benchmark}")
    accuracy = made.accuracy
    monitor.log(
        f"{facts.id} on {made.benchmark}: {accuracy.value:.1%} [{accuracy.low:.1%}, {accuracy.high:.1%}], "
        f"{made.problems} problems"
    )


def _benchmark(wanted: PublicScore) -> Benchmark:
    made = load_benchmark(
        wanted.benchmark,
        samples_per_problem=wanted.samples_per_problem,
        data=None if wanted.data is None else Path(wanted.data),
        protocol=wanted.protocol,
        limit=wanted.limit,
    )
    sampling = replace(
        made.sampling,
        temperature=made.sampling.temperature if wanted.temperature is None else wanted.temperature,
        max_tokens=wanted.max_response_tokens or made.sampling.max_tokens,
    )
    return replace(made, sampling=sampling)


def _path(run: Run, checkpoint: str) -> Path:
    """A checkpoint of the run by its id (`rl` is RL's last), or a source outside it."""
    if checkpoint.split("/")[0] not in STAGES:
        return locate(checkpoint)
    if not run.has(checkpoint) and run.finished(checkpoint):
        checkpoint = str(run.facts(checkpoint).get("checkpoint", checkpoint))
    if not run.has(checkpoint):
        raise InputError(f"The run has no checkpoint {checkpoint}.")
    return checkpoint_dir(run.root, checkpoint)

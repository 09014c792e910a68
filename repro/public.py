"""Public benchmarks of a run: the recipe names checkpoints, the run's own or others, and what to score them on."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.benchmarks import load_benchmark
from evals.figures import headline
from evals.files import atomic_write_text
from evals.types import Benchmark
from reports.text import figure_text
from repro.checkpoint_source import locate
from repro.errors import InputError, bad_input, explain
from repro.models import Local, subject_of_checkpoint
from repro.recipe import PublicScore
from repro.run import Run
from repro.run_dir import STAGES, checkpoint_dir
from repro.scoring import check_room, drawn_by, make_task, score_model, scored_already
from training.preflight import check_sandbox

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
        except Exception as error:
            explained = explain(error)
            if explained is None:
                raise  # a bug
            _, why = explained
            missing.append(NotScored(wanted.benchmark, wanted.checkpoint, why))
            run.monitor("public").log(f"{wanted.benchmark} not scored: {why}")
    if run.recipe.public:
        rows = [asdict(row) for row in missing]
        atomic_write_text(run.root / FILE, json.dumps({"not_scored": rows}, indent=1) + "\n")


def _score(run: Run, wanted: PublicScore) -> None:
    engine = Local(run.recipe.device, wanted.batch)
    subject = subject_of_checkpoint(str(_path(run, wanted.checkpoint)), engine, run.recipe.dtype)
    with bad_input():
        benchmark = _benchmark(wanted)
        task = make_task(
            benchmark, "test", run.recipe.evaluation.seed, run.root / "scores.jsonl", wanted.batch
        )
    monitor = run.monitor("public")
    name = f"{subject.facts.id} on {wanted.benchmark}"
    if scored_already(task, subject.facts) is not None:
        monitor.log(f"{name} done already")
        return
    check_sandbox(task.benchmark.load())
    check_room(task, subject.facts)
    made = score_model(task, subject.open(), subject.facts, monitor, name)
    monitor.log(f"{name}, {made.metric}: {figure_text(headline(made))}, {made.problems} problems")


def _benchmark(wanted: PublicScore) -> Benchmark:
    made = load_benchmark(
        wanted.benchmark,
        samples_per_problem=wanted.samples_per_problem,
        data=None if wanted.data is None else Path(wanted.data),
        protocol=wanted.protocol,
        limit=wanted.limit,
    )
    return drawn_by(made, wanted.temperature, wanted.max_response_tokens)


def _path(run: Run, checkpoint: str) -> Path:
    """A checkpoint of the run by its id (`rl` is RL's last), or a source outside it."""
    if checkpoint.split("/")[0] not in STAGES:
        return locate(checkpoint)
    if not run.has(checkpoint) and run.finished(checkpoint):
        checkpoint = str(run.facts(checkpoint).get("checkpoint", checkpoint))
    if not run.has(checkpoint):
        raise InputError(f"The run has no checkpoint {checkpoint}.")
    return checkpoint_dir(run.root, checkpoint)

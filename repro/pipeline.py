"""The pipeline: the stages of a recipe in order, each skipped when done and resumed when not."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from rich.console import Console

from evals.files import atomic_write_text
from evals.self_check import self_check
from repro.public import score_public
from repro.recipe import Recipe
from repro.run import Run
from repro.run_dir import STAGES, locked, open_run, remove_leftovers, usable_cores
from repro.stages import curate, long2short, long_cot_sft, rl, sft
from training.preflight import check_sandbox
from training.problems import training_problems

STAGE_FUNCTIONS: dict[str, Callable[[Run], None]] = {
    "sft": sft.run,
    "curate": curate.run,
    "long_cot_sft": long_cot_sft.run,
    "rl": rl.run,
    "long2short": long2short.run,
}


def run_recipe(recipe: Recipe, root: Path, console: Console, command: str) -> Path:
    """Run or resume a recipe in `root` and write its report; returns the report's path.

    Raises `RunDirError` when `root` is not this recipe's, and `PreflightError` when answers cannot be judged.
    """
    from reports.build import write

    torch.set_num_threads(recipe.threads or usable_cores())
    run = Run(recipe, root, console)
    if not all(map(run.finished, STAGES)):
        check_sandbox(training_problems(dict.fromkeys(recipe.puzzle_levels(), 1), 0))
    with locked(root):
        open_run(root, recipe, command)
        remove_leftovers(root)
        if recipe.self_check:
            _self_check(run)
        for stage in STAGES:
            if run.finished(stage):
                run.monitor(stage).log("done already")
                continue
            STAGE_FUNCTIONS[stage](run)
        score_public(run)
        return write(root)


def _self_check(run: Run) -> None:
    """Judge responses with known marks once, and keep what came of it for the report."""
    file = run.root / "self_check.json"
    monitor = run.monitor("self-check")
    if file.exists():
        monitor.log("done already")
        return
    with monitor.timed("judge"):
        checked = self_check()
    atomic_write_text(file, json.dumps({"checks": [asdict(one) for one in checked]}, indent=1) + "\n")
    for one in checked:
        monitor.log(f"{one.name}: {one.result}{f' ({one.why})' if one.why else ''}")

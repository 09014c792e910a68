"""The pipeline: the stages of a recipe in order, each skipped when done and resumed when not."""

from collections.abc import Callable
from pathlib import Path

import torch
from rich.console import Console

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
        for stage in STAGES:
            if run.finished(stage):
                run.monitor(stage).log("done already")
                continue
            STAGE_FUNCTIONS[stage](run)
        return write(root)

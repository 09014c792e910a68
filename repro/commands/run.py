"""`repro run`: run or resume a recipe."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repro.commands.output import Json, print_json
from repro.errors import InputError, bad_input

if TYPE_CHECKING:
    from repro.recipe import Recipe


def run(
    recipe: Annotated[str, typer.Argument(help="A recipe that ships, or a .yaml file.", metavar="RECIPE")],
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", help="Another value for a key, such as rl.iterations=4.", metavar="KEY=VALUE"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="The training seed (default: the recipe's).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The run directory (default: runs/RECIPE-seedN).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run or resume a recipe: train, score, report."""
    from rich.console import Console

    from evals.store import read_scores
    from repro.commands.models import quiet_transformers
    from repro.pipeline import run_recipe
    from repro.recipe import load_recipe

    with bad_input():
        chosen = load_recipe(recipe, overrides, seed)
    root = out or Path("runs") / f"{chosen.name}-seed{chosen.seed}"
    with bad_input():
        read_scores(root / "scores.jsonl")
    if not (root / "recipe.yaml").exists():
        check(chosen)
    quiet_transformers()
    page = run_recipe(
        chosen, root, Console(stderr=True), reproducing_command(recipe, overrides or [], chosen.seed)
    )
    if as_json:
        print_json({"recipe": chosen.name, "seed": chosen.seed, "run": str(root), "report": str(page)})
    else:
        print(f"Report: {page}")


def check(recipe: "Recipe") -> None:
    """Find now what would stop the run later. Raises `InputError`."""
    from evals.benchmarks import load_benchmark
    from reports.claims import check_rules
    from repro.commands.models import check_device
    from repro.recipe import PretrainedModel
    from training.problems import training_problems

    check_device(recipe.device)
    check_rules(recipe.claims)
    spec = recipe.evaluation
    with bad_input():
        load_benchmark(
            spec.benchmark, split="test", problems_per_level=spec.problems_per_level, levels=spec.levels
        ).load()
        load_benchmark(
            spec.benchmark,
            split="validation",
            problems_per_level=spec.validation_problems_per_level,
            levels=spec.levels,
        ).load()
    sections = {
        "sft.problems": recipe.sft.problems,
        "curate.candidates": recipe.curate.candidates,
        "long_cot_sft.problems": recipe.long_cot_sft.problems,
    }
    for key, levels in sections.items():
        try:
            training_problems(levels, recipe.seed)
        except ValueError as error:
            raise InputError(f"{key}: {error}") from error
    if isinstance(recipe.model, PretrainedModel) and not (Path(recipe.model.path) / "config.json").is_file():
        raise InputError(f"model.path: {recipe.model.path} is not a Hugging Face checkpoint directory.")


def reproducing_command(recipe: str, overrides: list[str], seed: int) -> str:
    """The command that makes the same run from the same folder: files as they were named, the seed spelt out."""
    words = ["repro", "run", recipe, "--seed", str(seed)]
    for item in overrides:
        if item.partition("=")[0] != "seed":
            words += ["--set", item]
    return shlex.join(words)

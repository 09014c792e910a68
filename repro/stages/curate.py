"""Stage `curate`: the RL prompt set from candidate problems, by what the SFT model makes of them (section 2.1)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.engine import Engine
from evals.files import atomic_write_text
from evals.model import EngineModel
from evals.run import evaluate
from evals.seeds import derive_seed
from evals.types import Benchmark, Problem, Sample
from repro.console import RunMonitor
from repro.run import Run
from repro.run_dir import checkpoint_dir
from training.checkpoint import weights_digest
from training.curation import (
    Prefilled,
    Removed,
    balance,
    drawing,
    pass_rates,
    problem_from_json,
    problem_to_json,
    split_candidates,
    summary,
    with_difficulty,
)
from training.errors import StageError
from training.exclusions import exclusion
from training.problems import training_problems


def draw(
    run: Run, engine: Engine, benchmark: Benchmark, digest: str, out: Path, monitor: RunMonitor
) -> list[Sample]:
    """Draw from training problems and judge, resumably."""
    total = len(benchmark.load()) * benchmark.samples_per_problem
    with monitor.evaluation(benchmark.name, total, "rollout") as report:
        return evaluate(
            EngineModel(engine),
            benchmark,
            seed=run.recipe.seed,
            out=out,
            weights_digest=digest,
            on_progress=report,
        )


def run(run: Run) -> None:
    """Write `prompts.jsonl`, `removed.jsonl` and `summary.json`."""
    rules = run.recipe.curate.rules
    folder = run.stage_dir("curate")
    folder.mkdir(parents=True, exist_ok=True)
    monitor = run.monitor("curate")
    model, tokenizer = run.load("sft")
    digest = weights_digest(checkpoint_dir(run.root, "sft"))
    engine = run.engine(model, tokenizer)
    candidates = training_problems(run.recipe.curate.candidates, derive_seed(run.recipe.seed, "candidates"))

    kept, removed = split_candidates(candidates, "excluded", exclusion)
    tries = drawing("pass rates", kept, rules.samples, rules.temperature, rules.max_response_tokens)
    rates = pass_rates(draw(run, engine, tries, digest, folder / "pass_rates.parquet", monitor))
    kept = [with_difficulty(problem, rates[problem.id]) for problem in kept]
    kept, trivial = split_candidates(
        kept,
        "trivial",
        lambda p: f"pass rate {rates[p.id]:.2f}" if rates[p.id] >= rules.trivial_pass_rate else None,
    )
    guessable: list[Removed] = []
    if rules.guess_attempts and kept:
        guesses = drawing("guesses", kept, rules.guess_attempts, rules.temperature, rules.guess_max_tokens)
        guesser = Prefilled(engine, rules.guess_prefill)
        hits = pass_rates(draw(run, guesser, guesses, digest, folder / "guesses.parquet", monitor))
        kept, guessable = split_candidates(
            kept,
            "guessable",
            lambda p: (
                f"{hits[p.id] * rules.guess_attempts:.0f} of {rules.guess_attempts} guesses are right"
                if hits[p.id] > 0
                else None
            ),
        )
    kept, unbalanced = balance(kept, rules.balance_by, rules.max_tag_share, run.recipe.seed)
    removed = [*removed, *trivial, *guessable, *unbalanced]
    if not kept:
        raise StageError(
            "Curation left no prompt for RL; add candidates or loosen curate.rules in the recipe."
        )

    _write_jsonl(folder / "prompts.jsonl", [problem_to_json(problem) for problem in kept])
    _write_jsonl(
        folder / "removed.jsonl",
        [{"rule": item.rule, "why": item.why, "problem": problem_to_json(item.problem)} for item in removed],
    )
    facts = summary(candidates, kept, removed, rates, rules.samples)
    atomic_write_text(folder / "summary.json", json.dumps(facts, indent=1) + "\n")
    monitor.log(f"kept {len(kept)} of {len(candidates)} prompts; removed {facts['removed']}")
    run.finish("curate", {"kept": len(kept), "candidates": len(candidates)})


def prompt_set(run: Run) -> list[Problem]:
    """The curated RL problems."""
    lines = (run.stage_dir("curate") / "prompts.jsonl").read_text().splitlines()
    return [problem_from_json(json.loads(line)) for line in lines]


def _write_jsonl(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    atomic_write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))

"""Stage `rl`: online policy mirror descent on the curated prompts, from the long-CoT model (section 2.3)."""

import copy
from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel

from evals.engine import Engine
from evals.types import Problem, Sampling
from repro.run import Run
from repro.stages.curate import prompt_set
from repro.stages.sft import examples_of
from training.demonstrations.build import SOLVERS, Demonstration, solve
from training.preflight import check_kinds, check_rewards_vary, check_verifier
from training.rewards import judge_groups
from training.rl import RLConfig, run_rl
from training.rollout import advance_groups, start_groups

PREFLIGHT_PROBLEMS = 32
CANARY_PROBLEMS = 4


def solution(problem: Problem) -> str | None:
    """A right response to a problem, for the preflight: a demonstration, or the reference itself as the answer."""
    if problem.tags.get("family") in SOLVERS:
        return solve(problem, "short", seed=0)
    return f"<answer>{problem.reference}</answer>" if isinstance(problem.reference, str) else None


def preflight(engine: Engine, problems: Sequence[Problem], config: RLConfig, seed: int) -> None:
    """Check the reward before anything is trained on it. Raises `PreflightError`."""
    step = max(1, len(problems) // PREFLIGHT_PROBLEMS)
    trial = list(problems[::step])[:PREFLIGHT_PROBLEMS]
    check_kinds(problems)
    check_verifier(trial, solution)
    groups = start_groups(engine, trial, config.rollouts_per_problem, -1, seed)
    sampling = Sampling(temperature=config.temperature, max_tokens=config.max_response_tokens)
    grown = advance_groups(engine, groups, sampling, -1, None)
    check_rewards_vary(judge_groups(grown, engine.decode, 0.0, 0.0))


def train(run: Run, config: RLConfig, start: str, name: str, folder: Path) -> None:
    """RL from the checkpoint `start`; saves and scores `name/NNNN` as it goes."""
    monitor = run.monitor(name)
    problems = prompt_set(run)
    policy, tokenizer = run.load(start)
    engine = run.engine(copy.deepcopy(policy), tokenizer, config.repeat_stop)
    if not (folder / "state").exists():
        with monitor.timed("preflight"):
            preflight(engine, problems, config, run.recipe.seed)
    fixed = [Demonstration(p, text) for p in problems[:CANARY_PROBLEMS] if (text := solution(p)) is not None]

    def on_checkpoint(iteration: int, trained: PreTrainedModel) -> None:
        checkpoint = f"{name}/{iteration:04d}"
        if not run.has(checkpoint):
            run.save(checkpoint, trained, tokenizer, parents=(start,), iteration=iteration)
        run.score_on_both(checkpoint)

    run_rl(
        policy,
        tokenizer,
        engine,
        problems,
        examples_of(tokenizer, fixed),
        config,
        seed=run.recipe.seed,
        out=folder,
        monitor=monitor,
        on_checkpoint=on_checkpoint,
    )


def run(run: Run) -> None:
    """Train the long-CoT RL model."""
    config = run.recipe.rl
    train(run, config, "long_cot_sft", "rl", run.stage_dir("rl"))
    run.finish("rl", {"checkpoint": f"rl/{config.iterations:04d}"})

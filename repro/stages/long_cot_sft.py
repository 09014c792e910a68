"""Stage `long_cot_sft`: light warm-up on verified long traces (section 2.2), from the short-CoT model."""

from repro.run import Run
from repro.stages.sft import examples_of, fine_tune
from training.demonstrations.build import long_demonstrations, mix_with_short
from training.problems import training_problems


def run(run: Run) -> None:
    """Train, save and score the long-CoT model."""
    config = run.recipe.long_cot_sft
    if not run.has("long_cot_sft"):
        monitor = run.monitor("long_cot_sft")
        model, tokenizer = run.load("sft")
        with monitor.timed("data"):
            problems = training_problems(config.problems, run.recipe.seed)
            traces = long_demonstrations(
                problems,
                config.traces_per_problem,
                max_tries=config.max_tries,
                max_words=config.max_words,
                max_checks=config.max_checks,
                seed=run.recipe.seed,
            )
            mixed = mix_with_short(traces, config.short_share, run.recipe.seed)
        monitor.log(
            f"{len(traces)} verified long traces from {len(problems)} problems, "
            f"and {len(mixed) - len(traces)} short solutions"
        )
        examples = examples_of(tokenizer, mixed)
        out = run.stage_dir("long_cot_sft")
        fine_tune(model, tokenizer, examples, config.train, run.recipe.seed, out, monitor)
        run.save("long_cot_sft", model, tokenizer, parents=("sft",))
    run.score("long_cot_sft")
    run.finish("long_cot_sft", {"checkpoint": "long_cot_sft"})

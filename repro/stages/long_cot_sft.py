"""Stage `long_cot_sft`: light warm-up on verified long traces (section 2.2), from the short-CoT model."""

from repro.run import Run
from repro.stages.sft import examples_of
from training.demonstrations.build import long_demonstrations
from training.problems import training_problems
from training.sft import run_sft


def run(run: Run) -> None:
    """Train, save and score the long-CoT model."""
    config = run.recipe.long_cot_sft
    if not run.has("long_cot_sft"):
        monitor = run.monitor("long_cot_sft")
        model, tokenizer = run.load("sft")
        with monitor.timed("data"):
            problems = training_problems(config.problems, run.recipe.seed)
            traces = long_demonstrations(
                problems, config.traces_per_problem, config.max_tries, config.max_words, run.recipe.seed
            )
        monitor.log(f"{len(traces)} verified long traces from {len(problems)} problems")
        folder = run.stage_dir("long_cot_sft")
        folder.mkdir(parents=True, exist_ok=True)
        run_sft(
            model,
            examples_of(tokenizer, traces),
            config.train,
            pad=tokenizer.pad_token_id or 0,
            seed=run.recipe.seed,
            out=folder,
            monitor=monitor,
        )
        run.save("long_cot_sft", model, tokenizer, parents=("sft",))
    run.score("long_cot_sft")
    run.finish("long_cot_sft", {"checkpoint": "long_cot_sft"})

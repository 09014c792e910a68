"""Stage `long_cot_sft`: light warm-up on verified long traces (section 2.2), from the short-CoT model."""

from repro.run import Run
from repro.stages.sft import examples_of, fine_tune
from training.demonstrations.build import long_demonstrations
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
                problems, config.traces_per_problem, config.max_tries, config.max_words, run.recipe.seed
            )
        monitor.log(f"{len(traces)} verified long traces from {len(problems)} problems")
        examples = examples_of(tokenizer, traces)
        out = run.stage_dir("long_cot_sft")
        fine_tune(model, tokenizer, examples, config.train, run.recipe.seed, out, monitor)
        run.save("long_cot_sft", model, tokenizer, parents=("sft",))
    run.score("long_cot_sft")
    run.finish("long_cot_sft", {"checkpoint": "long_cot_sft"})

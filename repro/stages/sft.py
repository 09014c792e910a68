"""Stage `sft`: vanilla SFT on short direct solutions → the short-CoT model (section 2.5)."""

from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from repro.console import RunMonitor
from repro.run import Run
from training.demonstrations.build import Demonstration, short_demonstrations
from training.end_of_turn import end_of_turn
from training.examples import Example
from training.problems import training_problems
from training.prompts import encode_prompt
from training.sft import SFTConfig, run_sft
from training.tokenizer import tokenize_response


def examples_of(tokenizer: PreTrainedTokenizerBase, demonstrations: Sequence[Demonstration]) -> list[Example]:
    """Demonstrations as token ids, ended as the chat template ends a turn."""
    end = end_of_turn(tokenizer).trained
    return [
        Example(
            encode_prompt(tokenizer, d.problem.prompt, d.prefill),
            tokenize_response(tokenizer, d.response, end),
        )
        for d in demonstrations
    ]


def evenly(examples: Sequence[Example], share: float) -> list[Example]:
    """About `share` of the examples, spread evenly over all of them."""
    return [e for i, e in enumerate(examples) if int((i + 1) * share) > int(i * share)]


def fine_tune(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    config: SFTConfig,
    seed: int,
    out: Path,
    monitor: RunMonitor,
) -> None:
    """SFT of `model` in place, resumable in the folder `out`."""
    run_sft(model, examples, config, pad=tokenizer.pad_token_id or 0, seed=seed, out=out, monitor=monitor)


def train_short(
    run: Run, seed: int, share: float, name: str
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """A model trained on about `share` of the short demonstrations from weights by `seed`."""
    config = run.recipe.sft
    monitor = run.monitor(name)
    model, tokenizer = run.new_model(seed)
    with monitor.timed("data"):
        problems = training_problems(config.problems, run.recipe.seed)
        examples = examples_of(
            tokenizer, short_demonstrations(problems, config.direct_share, run.recipe.seed)
        )
    folder = run.stage_dir("sft") if name == "sft" else run.stage_dir("long2short") / name
    fine_tune(model, tokenizer, evenly(examples, share), config.train, seed, folder, monitor)
    return model, tokenizer


def run(run: Run) -> None:
    """Train, save and score the short-CoT model."""
    if not run.has("sft"):
        model, tokenizer = train_short(run, run.recipe.seed, 1.0, "sft")
        run.save("sft", model, tokenizer, parents=())
    run.score("sft")
    run.finish("sft", {"checkpoint": "sft"})

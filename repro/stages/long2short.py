"""Stage `long2short`: merge, shortest rejection sampling, merge + rejection, DPO and RL (section 2.4)."""

from collections.abc import Sequence
from pathlib import Path

from transformers import PreTrainedTokenizerBase

from evals.store import read_scores
from evals.types import Problem, Sample, Score
from repro.run import Run
from repro.run_dir import checkpoint_dir
from repro.stages.curate import draw
from repro.stages.rl import train
from repro.stages.sft import fine_tune, train_short
from training.checkpoint import weights_digest
from training.curation import drawing
from training.examples import Example
from training.long2short.dpo import preference_pairs, run_dpo
from training.long2short.merge import merge
from training.long2short.responses import JudgedResponses, by_problem
from training.long2short.select import best_balance
from training.long2short.shortest_rejection import shortest_correct
from training.problems import training_problems
from training.prompts import encode_prompt, opening_of
from training.tokenizer import tokenize_response

SHORT = "sft"
STAGE = "long2short"


def run(run: Run) -> None:
    """Make and score a short model in each of the ways of section 2.4."""
    long = str(run.facts("rl")["checkpoint"])
    merged = merge_sweep(run, long)
    if run.recipe.long2short.merge.control:
        merge_control(run, long)
    shortest_rejection(run, long, f"{STAGE}/shortest_rejection")
    shortest_rejection(run, merged, f"{STAGE}/merge_rejection")
    dpo(run, long)
    start = best_balance(rl_validation(run), run.recipe.long2short.rl.margin).checkpoint
    run.monitor(STAGE).log(f"long2short RL starts from {start}")
    config = run.recipe.long2short.rl.train
    train(run, config, start, f"{STAGE}/rl", run.stage_dir(STAGE) / "rl")
    run.finish(STAGE, {"merge": merged, "rl_start": start, "rl": f"{STAGE}/rl/{config.iterations:04d}"})


def rl_validation(run: Run) -> list[Score]:
    """Validation scores of the RL checkpoints."""
    scores = read_scores(run.root / "scores.jsonl")
    return [score for score in scores if score.split == "validation" and score.stage == "rl"]


def merge_sweep(run: Run, long: str) -> str:
    """Merge long and short by every coefficient; returns the id of the best on the validation split."""
    found: list[tuple[float, float, str]] = []
    for coefficient in run.recipe.long2short.merge.coefficients:
        name = f"{STAGE}/merge-{coefficient:.2f}"
        merge_models(run, long, SHORT, coefficient, name)
        score = run.score(name, split="validation")
        found.append((-score.accuracy.value, score.response_tokens_mean, name))
    return min(found)[2]


def merge_models(run: Run, long: str, short: str, coefficient: float, name: str) -> None:
    """Save and score one average of two checkpoints."""
    if not run.has(name):
        model, tokenizer = run.load(long)
        other, _ = run.load(short)
        model.load_state_dict(merge(model.state_dict(), other.state_dict(), coefficient))
        run.save(name, model, tokenizer, parents=(long, short))
    run.score_on_both(name)


def merge_control(run: Run, long: str) -> None:
    """The collapse of unrelated parents: merge with a short model of another initialisation."""
    control = f"{STAGE}/control-short"
    if not run.has(control):
        spec = run.recipe.long2short.merge
        seed = run.recipe.seed + 1000
        model, tokenizer = train_short(run, seed, spec.control_share, "control-short")
        run.save(control, model, tokenizer, parents=(), seed=seed)
    run.score(control)
    merge_models(run, long, control, 0.5, f"{STAGE}/control-merge")


def judged_responses(run: Run, checkpoint: str) -> list[JudgedResponses]:
    """n responses of a checkpoint to each of the training problems (drawn once, then read)."""
    spec = run.recipe.long2short.shortest_rejection
    levels = run.recipe.curate.candidates
    share = spec.problems / sum(levels.values())
    problems = training_problems(
        {k: max(1, round(n * share)) for k, n in levels.items()}, run.recipe.seed + 2
    )
    model, tokenizer = run.load(checkpoint)
    limits = run.recipe.evaluation
    benchmark = drawing("responses", problems, spec.samples, 1.0, limits.max_response_tokens)
    samples = draw(
        run,
        run.engine(model, tokenizer),
        benchmark,
        weights_digest(checkpoint_dir(run.root, checkpoint)),
        run.stage_dir(STAGE) / "responses" / f"{checkpoint.replace('/', '__')}.parquet",
        run.monitor(STAGE),
    )
    return by_problem(problems, samples)


def shortest_rejection(run: Run, start: str, name: str) -> None:
    """SFT of `start` on the shortest right one of its own n responses to each problem."""
    if not run.has(name):
        spec = run.recipe.long2short.shortest_rejection
        chosen = [
            (judged.problem, sample)
            for judged in judged_responses(run, start)
            if (sample := shortest_correct(judged.samples)) is not None
        ]
        model, tokenizer = run.load(start)
        examples, out = sampled_examples(tokenizer, chosen), _folder(run, name)
        fine_tune(model, tokenizer, examples, spec.train, run.recipe.seed, out, run.monitor(STAGE))
        run.save(name, model, tokenizer, parents=(start,))
    run.score_on_both(name)


def dpo(run: Run, start: str) -> None:
    """DPO of `start` on the paper's pairs from its own responses."""
    name = f"{STAGE}/dpo"
    if not run.has(name):
        config = run.recipe.long2short.dpo.train
        model, tokenizer = run.load(start)
        pairs = [
            (judged.problem, pair)
            for judged in judged_responses(run, start)
            for pair in preference_pairs(judged.samples, config.length_factor, config.max_pairs_per_problem)
        ]
        chosen = sampled_examples(tokenizer, [(problem, pair.chosen) for problem, pair in pairs])
        rejected = sampled_examples(tokenizer, [(problem, pair.rejected) for problem, pair in pairs])
        run.monitor(STAGE).log(f"{len(pairs)} preference pairs")
        run_dpo(
            model,
            list(zip(chosen, rejected, strict=True)),
            config,
            pad=tokenizer.pad_token_id or 0,
            seed=run.recipe.seed,
            out=_folder(run, name),
            monitor=run.monitor(STAGE),
        )
        run.save(name, model, tokenizer, parents=(start,))
    run.score_on_both(name)


def _folder(run: Run, name: str) -> Path:
    return run.stage_dir(STAGE) / name.removeprefix(f"{STAGE}/")


def sampled_examples(
    tokenizer: PreTrainedTokenizerBase, chosen: Sequence[tuple[Problem, Sample]]
) -> list[Example]:
    """Sampled responses as token ids; one that was cut has no end token, for the model did not draw it.

    Nor did it draw the mark of thinking that its prompt ends with, and that the response's text starts with.
    """
    examples = []
    for problem, sample in chosen:
        prompt = encode_prompt(tokenizer, problem.prompt)
        drawn = sample.response.removeprefix(opening_of(tokenizer, prompt))
        examples.append(Example(prompt, tokenize_response(tokenizer, drawn, sample.finish_reason == "stop")))
    return examples

"""One run of a recipe: what every stage needs, and how a checkpoint is saved and scored."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from evals.benchmarks import load_benchmark, puzzles
from evals.files import atomic_write_text
from evals.model import EngineModel
from evals.splits import Split
from evals.store import read_scores
from evals.types import Benchmark, Sampling, Score
from repro.console import RunMonitor
from repro.recipe import PretrainedModel, Recipe
from repro.run_dir import checkpoint_dir, stage_dir
from repro.scoring import make_task, score_model
from training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    facts_of,
    load_checkpoint,
    read_info,
    save_checkpoint,
)
from training.engine.local import LocalEngine
from training.engine.repetition import RepeatStop
from training.scratch_model import build_scratch_model
from training.tokenizer import build_tokenizer


@dataclass(frozen=True)
class Run:
    """A recipe under way in a run directory."""

    recipe: Recipe
    root: Path
    console: Console

    def stage_dir(self, stage: str) -> Path:
        """The folder of a stage."""
        return stage_dir(self.root, stage)

    def monitor(self, stage: str) -> RunMonitor:
        """Progress and timings of a stage."""
        return RunMonitor(self.console, stage, self.root / "timings.jsonl")

    def new_model(self, seed: int) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
        """The model that training starts from: fresh weights by `seed`, or the pretrained checkpoint."""
        spec = self.recipe.model
        if isinstance(spec, PretrainedModel):
            return self._load(Path(spec.path))
        tokenizer = build_tokenizer(puzzles.family(level) for level in self.recipe.puzzle_levels())
        model = build_scratch_model(spec, tokenizer, seed)
        return model.to(self.recipe.device, getattr(torch, self.recipe.dtype)), tokenizer

    def engine(
        self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, repeat: RepeatStop | None = None
    ) -> LocalEngine:
        """A rollout engine on this model."""
        return LocalEngine(
            model, tokenizer, max_batch=self.recipe.engine.max_batch, repeat_stop=repeat or RepeatStop()
        )

    def load(self, checkpoint: str) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
        """Model and tokenizer of a checkpoint of this run."""
        return self._load(checkpoint_dir(self.root, checkpoint))

    def _load(self, path: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
        spec = self.recipe.model
        trusted = isinstance(spec, PretrainedModel) and spec.trust_remote_code
        return load_checkpoint(path, self.recipe.device, self.recipe.dtype, trusted)

    def has(self, checkpoint: str) -> bool:
        """True when that checkpoint was saved whole."""
        return read_info(checkpoint_dir(self.root, checkpoint)) is not None

    def save(
        self,
        checkpoint: str,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        parents: tuple[str, ...],
        iteration: int | None = None,
        seed: int | None = None,
    ) -> None:
        """Save a checkpoint (trained by `seed`, the recipe's by default)."""
        info = CheckpointInfo(
            id=checkpoint,
            stage=checkpoint.split("/")[0],
            iteration=iteration,
            parents=parents,
            recipe_digest=self.recipe.digest(),
            seed=self.recipe.seed if seed is None else seed,
        )
        save_checkpoint(checkpoint_dir(self.root, checkpoint), model, tokenizer, info)

    def benchmark(self, split: Split) -> Benchmark:
        """The recipe's benchmark on a split."""
        spec = self.recipe.evaluation
        return load_benchmark(
            spec.benchmark,
            split=split,
            problems_per_level=spec.problems_per_level
            if split == "test"
            else spec.validation_problems_per_level,
            samples_per_problem=spec.samples_per_problem,
            sampling=Sampling(temperature=spec.temperature, max_tokens=spec.max_response_tokens),
            seed=spec.seed,
            levels=spec.levels,
        )

    def score(self, checkpoint: str, split: Split = "test") -> Score:
        """Score a saved checkpoint, or return the score there is."""
        for known in read_scores(self.root / "scores.jsonl"):
            if known.checkpoint == checkpoint and known.split == split:
                self._same_weights(known)
                return known
        model, tokenizer = self.load(checkpoint)
        facts = facts_of(checkpoint_dir(self.root, checkpoint), f"local {self.recipe.dtype}")
        task = make_task(
            self.benchmark(split), split, self.recipe.evaluation.seed, self.root / "scores.jsonl"
        )
        monitor = self.monitor(checkpoint.split("/")[0])
        made = score_model(
            task, EngineModel(self.engine(model, tokenizer)), facts, monitor, f"score {checkpoint}"
        )
        accuracy = made.accuracy
        monitor.log(
            f"{checkpoint} on {made.benchmark}/{split}: "
            f"{accuracy.value:.1%} [{accuracy.low:.1%}, {accuracy.high:.1%}], "
            f"{made.response_tokens_mean:.0f} tokens, {made.finish_shares['length']:.1%} cut"
        )
        return made

    def score_on_both(self, checkpoint: str) -> None:
        """Score on the test split, and on the validation split, where checkpoints are chosen."""
        self.score(checkpoint)
        self.score(checkpoint, split="validation")

    def _same_weights(self, score: Score) -> None:
        """Raise `CheckpointError` when the checkpoint's weights are not those that were scored."""
        info = read_info(checkpoint_dir(self.root, score.checkpoint))
        if info is not None and info.weights_digest != score.weights_digest:
            raise CheckpointError(
                f"{self.root / 'scores.jsonl'} has a score of {score.checkpoint} with other weights than the "
                "checkpoint there now; restore the checkpoint, or start over in another directory with --out."
            )

    def finished(self, stage: str) -> bool:
        """True when the stage is done and the checkpoint that it ended with is still there."""
        if not (self.stage_dir(stage) / "done.json").exists():
            return False
        checkpoint = self.facts(stage).get("checkpoint")
        return checkpoint is None or self.has(str(checkpoint))

    def finish(self, stage: str, facts: dict[str, Any]) -> None:
        """Mark the stage as done, with facts that later stages use."""
        data = {"recipe_digest": self.recipe.digest(), **facts}
        atomic_write_text(
            self.stage_dir(stage) / "done.json", json.dumps(data, indent=1, sort_keys=True) + "\n"
        )

    def facts(self, stage: str) -> dict[str, Any]:
        """What a finished stage noted."""
        return dict(json.loads((self.stage_dir(stage) / "done.json").read_text()))

"""Supervised fine-tuning: vanilla SFT (section 2.5), long-CoT warm-up (2.2), and SFT on shortest responses (2.4)."""

from collections.abc import Sequence
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict, Field
from transformers import PreTrainedModel

from evals.seeds import derive_seed
from training.errors import StageError
from training.examples import Batch, Example, collate, epoch_batches
from training.logprobs import token_logprobs
from training.metrics_log import MetricsLog
from training.monitor import Monitor
from training.optimizer import OptimizerConfig, make_optimizers, optimizer_step, schedule
from training.state import latest_state, save_state

LOG_EVERY = 20  # steps


class SFTConfig(BaseModel):
    """Epochs over the examples in batches of about `batch_tokens` tokens (padding included)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epochs: int = Field(1, ge=1)
    batch_tokens: int = Field(2048, ge=1)
    optimizer: OptimizerConfig
    save_every: int = Field(200, ge=1)


def sft_loss(model: PreTrainedModel, batch: Batch) -> torch.Tensor:
    """Mean negative log-probability of the response tokens, in nats."""
    return -token_logprobs(model, batch).sum() / batch.targets.sum()


def run_sft(
    model: PreTrainedModel,
    examples: Sequence[Example],
    config: SFTConfig,
    *,
    pad: int,
    seed: int,
    out: Path,
    monitor: Monitor,
) -> PreTrainedModel:
    """Train `model` in place and return it; a killed run goes on from the state last saved in `out/state`.

    Raises `StageError` when there is no example.
    """
    if not examples:
        raise StageError("SFT has no training example; check the data settings of its stage in the recipe.")
    lengths = [len(example) for example in examples]
    batches = [
        batch
        for epoch in range(config.epochs)
        for batch in epoch_batches(lengths, config.batch_tokens, derive_seed(seed, "epoch", epoch))
    ]
    optimizers = make_optimizers(model, config.optimizer)
    start = _resume(out / "state", model, optimizers)
    log = MetricsLog(out / "metrics.jsonl")
    log.keep(lambda row: row["step"] <= start)
    model.train()
    with monitor.task("steps", len(batches), "step") as advance, monitor.timed("train") as count:
        advance(start)
        losses: list[float] = []
        tokens = 0
        for step in range(start, len(batches)):
            batch = collate([examples[i] for i in batches[step]], pad, model.device)
            # Dropout draws by seed and step, so that a resumed run draws the same without a saved random state.
            torch.manual_seed(derive_seed(seed, "sft", step))
            loss = sft_loss(model, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            share = schedule(config.optimizer, step, len(batches))
            optimizer_step(model, optimizers, config.optimizer, share, step, len(batches))
            losses.append(float(loss.detach()))
            tokens += int(batch.attention.sum())
            advance(1)
            if (step + 1) % LOG_EVERY == 0 or step + 1 == len(batches):
                mean = sum(losses) / len(losses)
                rate = config.optimizer.learning_rate * share
                log.append({"step": step + 1, "loss": mean, "learning_rate": rate, "tokens": tokens})
                count(tokens)
                losses, tokens = [], 0
            # Saved only where the log has a row, so that the log of a resumed run has no gap.
            if (
                (step + 1) % config.save_every == 0
                and (step + 1) % LOG_EVERY == 0
                and step + 1 < len(batches)
            ):
                save_state(out / "state", step + 1, _tensors(model, optimizers), {})
    return model


def _tensors(model: PreTrainedModel, optimizers: Sequence[torch.optim.Optimizer]) -> dict[str, torch.Tensor]:
    """Weights and moments under flat names: `model.NAME` and `optimizer.WHICH.PARAMETER.MOMENT`."""
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for which, optimizer in enumerate(optimizers):
        for index, moments in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{which}.{index}.{name}": tensor for name, tensor in moments.items()}
    return tensors


def _resume(folder: Path, model: PreTrainedModel, optimizers: Sequence[torch.optim.Optimizer]) -> int:
    """Load the newest state; returns the steps done."""
    saved = latest_state(folder)
    if saved is None:
        return 0
    prefix = "model."
    model.load_state_dict(
        {n.removeprefix(prefix): t for n, t in saved.tensors.items() if n.startswith(prefix)}
    )
    for which, optimizer in enumerate(optimizers):
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for name, tensor in saved.tensors.items():
            if name.startswith(f"optimizer.{which}."):
                _, _, index, moment = name.split(".")
                moments.setdefault(int(index), {})[moment] = tensor
        optimizer.load_state_dict({"state": moments, "param_groups": optimizer.state_dict()["param_groups"]})
    return saved.number

"""DPO on length-aware pairs (section 2.4; Rafailov et al., arXiv:2305.18290)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from pydantic import BaseModel, ConfigDict, Field
from transformers import PreTrainedModel

from evals.seeds import derive_seed
from evals.types import Sample
from training.errors import StageError
from training.examples import Example, collate, epoch_batches
from training.logprobs import response_logprobs, token_logprobs
from training.long2short.shortest_rejection import shortest_correct
from training.metrics_log import MetricsLog
from training.monitor import Monitor
from training.optimizer import OptimizerConfig, make_optimizers, optimizer_step, schedule


class DPOConfig(BaseModel):
    """Pairs and training. A right response is a negative when at least `length_factor` × the positive's length."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    beta: float = Field(0.1, gt=0)
    length_factor: float = Field(1.5, ge=1)
    max_pairs_per_problem: int = Field(4, ge=1)
    epochs: int = Field(1, ge=1)
    batch_tokens: int = Field(8192, ge=1)
    optimizer: OptimizerConfig


@dataclass(frozen=True, slots=True)
class Pair:
    """Two responses to one prompt, of which `chosen` is preferred."""

    chosen: Sample
    rejected: Sample


def preference_pairs(
    samples: Sequence[Sample], length_factor: float = 1.5, limit: int | None = None
) -> list[Pair]:
    """The paper's pairs from the n responses to one problem; none when none is right.

    Positive: the shortest right response. Negatives: wrong responses that are longer than it, and right ones
    of at least `length_factor` × its length. Verifier failures (`timeout`, `error`) are neither. With `limit`,
    the longest negatives are taken.
    """
    chosen = shortest_correct(samples)
    if chosen is None:
        return []

    def is_negative(sample: Sample) -> bool:
        if sample.verdict.correct:
            return sample.response_tokens >= length_factor * chosen.response_tokens and sample is not chosen
        return (
            sample.verdict.status not in ("timeout", "error")
            and sample.response_tokens > chosen.response_tokens
        )

    negatives = sorted(filter(is_negative, samples), key=lambda s: (-s.response_tokens, s.sample_index))
    return [Pair(chosen, rejected) for rejected in negatives[:limit]]


def dpo_loss(
    policy_chosen: torch.Tensor,
    policy_rejected: torch.Tensor,
    reference_chosen: torch.Tensor,
    reference_rejected: torch.Tensor,
    beta: float,
) -> torch.Tensor:
    """Loss per pair [n] from sequence log-probabilities [n]: −log σ(β·(log-ratio chosen − log-ratio rejected))."""
    margin = (policy_chosen - reference_chosen) - (policy_rejected - reference_rejected)
    return -torch.nn.functional.logsigmoid(beta * margin)


def run_dpo(
    model: PreTrainedModel,
    pairs: Sequence[tuple[Example, Example]],
    config: DPOConfig,
    *,
    pad: int,
    seed: int,
    out: Path,
    monitor: Monitor,
) -> PreTrainedModel:
    """Train `model` in place on (chosen, rejected) pairs; the reference is the model as it comes in.

    Raises `StageError` when there is no pair.
    """
    if not pairs:
        raise StageError(
            "DPO has no pair: no problem has a right response and a longer negative; sample more."
        )
    model.eval()
    flat = [example for pair in pairs for example in pair]
    with monitor.timed("reference") as count:
        per_token = response_logprobs(model, flat, pad, config.batch_tokens)
        reference = torch.stack([values.double().sum().float() for values in per_token])
        count(sum(map(len, flat)))
    lengths = [len(chosen) + len(rejected) for chosen, rejected in pairs]
    batches = [
        batch
        for epoch in range(config.epochs)
        for batch in epoch_batches(lengths, config.batch_tokens, derive_seed(seed, "epoch", epoch))
    ]
    optimizers = make_optimizers(model, config.optimizer)
    log = MetricsLog(out / "metrics.jsonl")
    log.keep(lambda row: False)
    with monitor.task("steps", len(batches), "step") as advance, monitor.timed("train") as count:
        for step, batch_indices in enumerate(batches):
            rows = [2 * i for i in batch_indices] + [2 * i + 1 for i in batch_indices]
            batch = collate([flat[i] for i in rows], pad, model.device)
            own = token_logprobs(model, batch).sum(dim=1)
            known = reference[rows].to(own.device)
            half = len(batch_indices)
            losses = dpo_loss(own[:half], own[half:], known[:half], known[half:], config.beta)
            loss = losses.mean()
            loss.backward()  # type: ignore[no-untyped-call]
            share = schedule(config.optimizer, step, len(batches))
            optimizer_step(model, optimizers, config.optimizer, share, step, len(batches))
            tokens = int(batch.attention.sum())
            count(tokens)
            margins = (own[:half] - known[:half]) - (own[half:] - known[half:])
            log.append(
                {
                    "step": step + 1,
                    "loss": float(loss.detach()),
                    "preferred_share": float((margins > 0).float().mean()),
                    "learning_rate": config.optimizer.learning_rate * share,
                    "tokens": tokens,
                }
            )
            advance(1)
    return model

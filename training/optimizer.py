"""The optimizers and learning-rate schedule that every trained stage uses."""

import math
from collections.abc import Sequence

import torch
from pydantic import BaseModel, ConfigDict, Field

from training.errors import StageError


class OptimizerConfig(BaseModel):
    """AdamW with linear warm-up and cosine decay to `final_learning_rate`.

    The schedule counts optimizer steps in SFT and DPO, and iterations in RL: the rate of an RL iteration is the same
    for all of its updates. With `muon_learning_rate`, the matrices of the hidden layers are trained by Muon instead
    (Jordan et al., 2024; Liu et al., arXiv:2502.16982), on the same schedule. `muon_steps` are its Newton–Schulz
    steps. `max_grad_norm` None switches clipping off.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    learning_rate: float = Field(gt=0)
    final_learning_rate: float | None = Field(None, ge=0)
    warmup_steps: int = Field(0, ge=0)
    beta1: float = Field(0.9, ge=0, lt=1)
    beta2: float = Field(0.95, ge=0, lt=1)
    epsilon: float = Field(1e-8, gt=0)
    weight_decay: float = Field(0.0, ge=0)
    max_grad_norm: float | None = Field(1.0, gt=0)
    muon_learning_rate: float | None = Field(None, gt=0)
    muon_steps: int = Field(5, ge=1, lt=100)  # torch refuses 100 and more


def make_optimizers(model: torch.nn.Module, config: OptimizerConfig) -> list[torch.optim.Optimizer]:
    """Fresh optimizers, their moments at zero: AdamW, and Muon for the hidden matrices where configured."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    hidden = [p for name, p in named if p.ndim == 2 and "embed" not in name and "lm_head" not in name]
    if config.muon_learning_rate is None:
        hidden = []
    ids = {id(p) for p in hidden}
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(
            [p for _, p in named if id(p) not in ids],
            lr=config.learning_rate,
            betas=(config.beta1, config.beta2),
            eps=config.epsilon,
            weight_decay=config.weight_decay,
        )
    ]
    if hidden:
        optimizers.append(
            torch.optim.Muon(
                hidden,
                lr=config.muon_learning_rate or 0.0,
                momentum=0.95,
                weight_decay=config.weight_decay,
                ns_steps=config.muon_steps,
            )
        )
    return optimizers


def schedule(config: OptimizerConfig, step: int, steps: int) -> float:
    """The share of the peak learning rate at `step` (from 0) of `steps`: optimizer steps, or iterations of RL."""
    if step < config.warmup_steps:
        return (step + 1) / config.warmup_steps
    if config.final_learning_rate is None:
        return 1.0
    progress = (step - config.warmup_steps) / max(1, steps - 1 - config.warmup_steps)
    final = config.final_learning_rate / config.learning_rate
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


def optimizer_step(
    model: torch.nn.Module,
    optimizers: Sequence[torch.optim.Optimizer],
    config: OptimizerConfig,
    share: float,
    step: int,
    steps: int,
) -> float:
    """Clip, take `step` (from 0) of `steps` and clear the gradients; returns the gradient's norm before clipping.

    `share` is the part of the peak learning rate that `schedule` gives. Raises `StageError` when the gradient is not
    finite.
    """
    limit = math.inf if config.max_grad_norm is None else config.max_grad_norm
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
    if not torch.isfinite(norm):
        raise StageError(
            f"Training diverged: the gradient at step {step + 1} of {steps} is not finite; lower the learning rate."
        )
    for optimizer, peak in zip(optimizers, (config.learning_rate, config.muon_learning_rate), strict=False):
        for group in optimizer.param_groups:
            group["lr"] = share * (peak or 0.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(norm)

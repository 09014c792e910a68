"""One policy update: several minibatch steps on the finished groups of an iteration (section 2.3.2)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from training.examples import Batch, Example, collate, microbatches
from training.logprobs import response_logprobs, token_logprobs
from training.mirror_descent import mirror_descent_loss
from training.optimizer import OptimizerConfig, make_optimizers, optimizer_step


@dataclass(frozen=True, slots=True)
class TrainingResponse:
    """One response with its shaped reward, its group's baseline and how it is trained on.

    `trained_from` is the first response token in the loss (earlier segments of a partial rollout may be left
    out, section 2.6); `sampler_logprobs` are only compared, never trained with.
    """

    example: Example
    group: int
    reward: float
    baseline: float
    trained_from: int
    sampler_logprobs: tuple[float, ...]
    sampler_from: int  # first token that was drawn by the current policy


@dataclass(frozen=True, slots=True)
class UpdateStats:
    """What an update did; gaps are per token in nats.

    Log-ratios are of whole responses in nats, over the last minibatch before its step (at the first they are 0).
    """

    loss: float
    log_ratio_mean: float
    log_ratio_abs_mean: float
    grad_norm: float
    sampler_gap_mean: float
    sampler_gap_max: float
    minibatches: int
    tokens: int


def sampler_gaps(responses: Sequence[TrainingResponse], trainer: Sequence[torch.Tensor]) -> torch.Tensor:
    """|sampler − trainer| log-probability of every token that the current policy drew."""
    gaps = [
        (torch.tensor(r.sampler_logprobs[r.sampler_from :]) - own[r.sampler_from :]).abs()
        for r, own in zip(responses, trainer, strict=True)
    ]
    return torch.cat(gaps) if gaps else torch.zeros(0)


def sequence_log_ratio(
    logprobs: torch.Tensor, reference: torch.Tensor, included: torch.Tensor, length_normalised: bool
) -> torch.Tensor:
    """log π_θ − log π_i of each response [rows]: summed over its `included` tokens.

    With `length_normalised` the sum is divided by their number (not what the paper does; named in the report).
    """
    total = ((logprobs - reference) * included).sum(dim=1)
    return total / included.sum(dim=1).clamp(min=1) if length_normalised else total


def _spread(
    values: Sequence[torch.Tensor], batch: Batch, examples: Sequence[Example], start: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Reference log-probs and inclusion marks of each response laid out as `token_logprobs` does."""
    width = batch.tokens.shape[1] - 1
    reference = torch.zeros((len(examples), width))
    included = torch.zeros((len(examples), width))
    for row, (example, own, first) in enumerate(zip(examples, values, start, strict=True)):
        offset = len(example.prompt) - 1
        reference[row, offset : offset + len(example.response)] = own
        included[row, offset + first : offset + len(example.response)] = 1.0
    return reference.to(batch.tokens.device), included.to(batch.tokens.device)


def update_policy(
    policy: PreTrainedModel,
    responses: Sequence[TrainingResponse],
    *,
    tau: float,
    optimizer: OptimizerConfig,
    learning_rate_share: float,
    minibatches: int,
    epochs: int,
    microbatch_tokens: int,
    temperature: float,
    length_normalised: bool,
    pad: int,
    seed: int,
    on_tokens: Callable[[int], None] | None = None,
) -> UpdateStats:
    """Take `epochs` passes of `minibatches` steps each on the responses, from a reset optimizer.

    The loss is averaged over the responses of a problem, then over the problems of the minibatch, as equation 3 has
    it: a problem of which fewer responses could be judged weighs as much as any other. log π_i is recomputed here by
    the trainer's own forward pass before the first step. Groups stay together in a minibatch. The l2 term has no
    gradient at the first step, so at least two are needed. `learning_rate_share` is the part of the peak learning
    rate that this iteration has.
    """
    policy.eval()  # no dropout: π_θ must equal π_i before the first step
    examples = [response.example for response in responses]
    reference = response_logprobs(policy, examples, pad, microbatch_tokens, temperature)
    gaps = sampler_gaps(responses, reference)
    fresh = make_optimizers(policy, optimizer)  # reset at each iteration
    rng = random.Random(seed)
    groups = sorted({response.group for response in responses})
    members = {group: [i for i, r in enumerate(responses) if r.group == group] for group in groups}
    minibatches = min(minibatches, len(groups))
    steps = max(2, epochs * minibatches)  # a lone group is passed over twice
    losses: list[float] = []
    ratios: list[float] = []
    norms: list[float] = []
    tokens = 0
    for step in range(steps):
        if step % minibatches == 0:
            rng.shuffle(groups)
        ratios.clear()
        shown_groups = groups[step % minibatches :: minibatches]
        chosen = [i for group in shown_groups for i in members[group]]
        # The weight of a response in the mean over `chosen`; 1 where all groups have the same size.
        weights = {group: len(chosen) / (len(shown_groups) * len(members[group])) for group in shown_groups}
        for micro in microbatches([len(examples[i]) for i in chosen], microbatch_tokens):
            rows = [chosen[i] for i in micro]
            shown = [examples[i] for i in rows]
            batch = collate(shown, pad, policy.device)
            first = [responses[i].trained_from for i in rows]
            known, included = _spread([reference[i] for i in rows], batch, shown, first)
            ratio = sequence_log_ratio(
                token_logprobs(policy, batch, temperature), known, included, length_normalised
            )
            reward = torch.tensor([responses[i].reward for i in rows], device=ratio.device)
            base = torch.tensor([responses[i].baseline for i in rows], device=ratio.device)
            weight = torch.tensor([weights[responses[i].group] for i in rows], device=ratio.device)
            loss = weight * mirror_descent_loss(ratio, reward, base, tau)
            (loss.sum() / len(chosen)).backward()  # type: ignore[no-untyped-call]
            losses += loss.detach().tolist()
            ratios += ratio.detach().tolist()
            count = int(batch.attention.sum())
            tokens += count
            if on_tokens is not None:
                on_tokens(count)
        norms.append(optimizer_step(policy, fresh, optimizer, learning_rate_share, step, steps))
    return UpdateStats(
        loss=sum(losses) / len(losses),
        log_ratio_mean=sum(ratios) / len(ratios),
        log_ratio_abs_mean=sum(map(abs, ratios)) / len(ratios),
        grad_norm=max(norms),
        sampler_gap_mean=float(gaps.mean()) if len(gaps) else 0.0,
        sampler_gap_max=float(gaps.max()) if len(gaps) else 0.0,
        minibatches=len(norms),
        tokens=tokens,
    )

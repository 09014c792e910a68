"""The canary: does the sampler really hold the weights that the trainer handed over?"""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel

from evals.engine import Request
from training.engine.protocol import TrainingEngine
from training.examples import Example
from training.logprobs import response_logprobs


class HandOverError(RuntimeError):
    """The sampler's weights are not the trainer's."""


def canary_gap(
    engine: TrainingEngine, policy: PreTrainedModel, examples: Sequence[Example], pad: int
) -> float:
    """Largest difference, in nats, of any token's log-probability between sampler and trainer.

    Raises `ValueError` when there is no sequence to compare on.
    """
    if not examples:
        raise ValueError("The canary needs at least one sequence.")
    requests = [Request(example.prompt, seed=0) for example in examples]
    sampler = engine.logprobs(requests, [example.response for example in examples])
    trainer = response_logprobs(policy, examples, pad, microbatch_tokens=16_384)
    gaps = [(torch.tensor(theirs) - ours).abs() for theirs, ours in zip(sampler, trainer, strict=True)]
    return float(torch.cat(gaps).max())


def check_hand_over(
    engine: TrainingEngine,
    policy: PreTrainedModel,
    examples: Sequence[Example],
    pad: int,
    version: int,
    tolerance: float,
) -> float:
    """The canary's gap after a hand-over; raises `HandOverError` where it is above `tolerance`."""
    gap = canary_gap(engine, policy, examples, pad)
    if engine.version != version or not gap <= tolerance:
        raise HandOverError(
            f"The sampler does not hold the trainer's weights (version {engine.version}, expected {version}; "
            f"log-probabilities differ by up to {gap:.2g} nats, {tolerance:g} allowed): "
            "the hand-over was skipped or failed; resume the run to repeat this iteration."
        )
    return gap

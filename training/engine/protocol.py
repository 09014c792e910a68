"""What training asks of a rollout engine beyond what evaluation does."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch

from evals.engine import Engine, Request


class TrainingEngine(Engine, Protocol):
    """An engine whose weights a trainer replaces. `version` is that of the weights it holds."""

    version: int

    def load_weights(self, weights: Mapping[str, torch.Tensor], version: int) -> None:
        """Take over the trainer's weights. Raises `ValueError` when they do not fit."""
        ...

    def logprobs(
        self, requests: Sequence[Request], responses: Sequence[Sequence[int]]
    ) -> list[tuple[float, ...]]:
        """log p of each token of each response under the engine's weights, at temperature 1."""
        ...

"""Tokenised training examples and batches of them without needless padding."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Example:
    """A prompt and a response as token ids; the loss is on the response only."""

    prompt: tuple[int, ...]
    response: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.response)


@dataclass(frozen=True, slots=True)
class Batch:
    """Right-padded examples: `tokens`, `attention` and `targets` are [rows, width].

    `targets` is true where the token is part of a response, that is where it is predicted and trained on.
    """

    tokens: torch.Tensor
    attention: torch.Tensor
    targets: torch.Tensor


def collate(examples: Sequence[Example], pad: int, device: torch.device | str = "cpu") -> Batch:
    """Pad examples on the right to the longest."""
    width = max(map(len, examples))
    tokens = torch.full((len(examples), width), pad)
    attention = torch.zeros((len(examples), width), dtype=torch.long)
    targets = torch.zeros((len(examples), width), dtype=torch.bool)
    for row, example in enumerate(examples):
        tokens[row, : len(example)] = torch.tensor(example.prompt + example.response)
        attention[row, : len(example)] = 1
        targets[row, len(example.prompt) : len(example)] = True
    return Batch(tokens.to(device), attention.to(device), targets.to(device))


def microbatches(lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Indices grouped by length so that a group, padded to its longest, holds at most `tokens` tokens.

    A longer single example gets a group of its own.
    """
    groups: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if groups and (len(groups[-1]) + 1) * lengths[index] <= tokens:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def epoch_batches(lengths: Sequence[int], tokens: int, seed: int, pool: int = 64) -> Iterator[list[int]]:
    """One shuffled epoch in batches of about `tokens` tokens, each of similar lengths.

    Examples are shuffled, sorted by length within pools of about `pool` batches, and the batches of a pool
    are shuffled again: random order, little padding.
    """
    rng = random.Random(seed)
    order = list(range(len(lengths)))
    rng.shuffle(order)
    mean = max(1, sum(lengths) // max(1, len(lengths)))
    size = max(1, pool * tokens // mean)
    for start in range(0, len(order), size):
        chunk = order[start : start + size]
        groups = microbatches([lengths[i] for i in chunk], tokens)
        rng.shuffle(groups)
        for group in groups:
            yield [chunk[i] for i in group]

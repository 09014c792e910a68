"""Repetition detection: a response that loops is stopped early (section 2.6)."""

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class RepeatStop:
    """Stop when the last `repeats` blocks of the same 1 … `max_period` tokens are equal; 0 repeats is off.

    `min_tokens` is the least length of the repeated stretch, so that short idioms do not count.
    """

    repeats: int = 4
    max_period: int = 32
    min_tokens: int = 48


class RepeatCounter:
    """For each row and period, how many tokens in a row equalled the token one period before."""

    def __init__(self, rule: RepeatStop, rows: int, device: torch.device) -> None:
        self.rule = rule
        self.periods = torch.arange(1, rule.max_period + 1, device=device)
        self.needed = torch.clamp(self.periods * rule.repeats, min=rule.min_tokens) - self.periods
        self.history = torch.full((rows, rule.max_period), -1, device=device)
        self.runs = torch.zeros((rows, rule.max_period), dtype=torch.long, device=device)

    def update(self, tokens: torch.Tensor) -> torch.Tensor:
        """Take one new token per row [rows]; return which rows now repeat [rows], bool."""
        same = self.history == tokens[:, None]
        self.runs = (self.runs + 1) * same
        self.history = torch.cat((tokens[:, None], self.history[:, :-1]), dim=1)
        return (self.runs >= self.needed).any(dim=1)

    def keep(self, rows: torch.Tensor) -> None:
        """Drop every row but these."""
        self.history, self.runs = self.history[rows], self.runs[rows]

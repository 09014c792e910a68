"""The length reward (section 2.3.3): within the responses to one problem, shorter is better."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field


class LengthPenaltyConfig(BaseModel):
    """Added to the reward with `weight`, after `warmup_iterations` iterations without it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float = Field(0.0, ge=0)
    warmup_iterations: int = Field(0, ge=0)

    def weight_at(self, iteration: int) -> float:
        """The weight at this iteration (from 0): nothing during the warm-up, then constant."""
        return 0.0 if iteration < self.warmup_iterations else self.weight


def length_rewards(lengths: Sequence[int], correct: Sequence[bool]) -> list[float]:
    """The length reward of each of the k responses to one problem.

    λ = 0.5 − (length − min)/(max − min); a right response gets λ, a wrong one min(0, λ); all get 0 when every
    length is the same. Lengths are in tokens. Raises `ValueError` when the two do not pair up.
    """
    if len(lengths) != len(correct):
        raise ValueError(f"{len(lengths)} lengths and {len(correct)} verdicts do not pair up.")
    if not lengths or max(lengths) == min(lengths):
        return [0.0] * len(lengths)
    shortest, spread = min(lengths), max(lengths) - min(lengths)
    shares = [0.5 - (length - shortest) / spread for length in lengths]
    return [share if right else min(0.0, share) for share, right in zip(shares, correct, strict=True)]

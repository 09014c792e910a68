"""Counter-based random numbers: a draw depends on its seed and position only, never on the batch around it."""

import torch

GOLDEN = -7046029254386353131  # 0x9E3779B97F4A7C15 as a signed integer
MIX_1 = -4658895280553007687  # 0xBF58476D1CE4E5B9
MIX_2 = -7723592293110705685  # 0x94D049BB133111EB


def _shift_right(x: torch.Tensor, bits: int) -> torch.Tensor:
    """Logical (unsigned) right shift of int64."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def uniform(seeds: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Uniform numbers in [0, 1), float64, one per row, from int64 seeds and positions of the same shape.

    SplitMix64 (Steele, Lea and Flood, 2014) of `seed + (position + 1) · γ`; int64 arithmetic wraps as needed.
    """
    x = seeds + (positions + 1) * GOLDEN
    x = (x ^ _shift_right(x, 30)) * MIX_1
    x = (x ^ _shift_right(x, 27)) * MIX_2
    x = x ^ _shift_right(x, 31)
    return _shift_right(x, 11).to(torch.float64) * 2.0**-53

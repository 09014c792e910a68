"""Model merging (section 2.4): the average of a long-CoT and a short-CoT model's weights, no training."""

from collections.abc import Mapping

import torch


def merge(
    long: Mapping[str, torch.Tensor], short: Mapping[str, torch.Tensor], coefficient: float = 0.5
) -> dict[str, torch.Tensor]:
    """`coefficient`·long + (1 − coefficient)·short, tensor by tensor.

    The paper's plain average is 0.5. Both models must descend from one parent: averages of unrelated models
    collapse. Raises `ValueError` when names or shapes differ or the coefficient is not in [0, 1].
    """
    if not 0.0 <= coefficient <= 1.0:
        raise ValueError(f"The merge coefficient is {coefficient}; it must lie in [0, 1].")
    odd = sorted(long.keys() ^ short.keys()) or sorted(n for n in long if long[n].shape != short[n].shape)
    if odd:
        raise ValueError(f"Only models of one architecture can be merged; {', '.join(odd[:3])} differ.")
    return {
        name: torch.lerp(short[name], tensor, coefficient) if tensor.is_floating_point() else tensor
        for name, tensor in long.items()
    }

"""Online policy mirror descent (section 2.3.2): the loss and its baselines.

With reference π_i (the policy that drew the samples) and reward r, the optimum of E[r] − τ·KL(π‖π_i) satisfies
r − τ·log Z = τ·log(π*/π_i) for every response. The surrogate is the square of the difference of both sides,

    L(θ) = E_x E_{y∼π_i} [ ( r − b − τ·log(π_θ(y|x)/π_i(y|x)) )² ] / (2τ),

where b is τ·log Z estimated from k samples, or their mean reward (its limit for τ → ∞). The factor 1/(2τ) does
not move the optimum; with it, −∇L is exactly the gradient of equation 3:

    (1/k)·Σ_j [ ∇log π_θ(y_j|x)·(r_j − b) − (τ/2)·∇( log π_θ(y_j|x)/π_i(y_j|x) )² ].

log π is of the whole response: the sum over its tokens, not the mean, and it is the sum that is squared.
"""

import math
from collections.abc import Sequence
from typing import Literal

import torch

Baseline = Literal["mean", "log_partition"]


def baseline(rewards: Sequence[float], kind: Baseline, tau: float) -> float:
    """b of one problem from the rewards of its k responses.

    `mean` is r̄; `log_partition` is τ·log((1/k)·Σ exp(r_j/τ)). Raises `ValueError` on an empty group or a
    `tau` that is not positive.
    """
    if not rewards:
        raise ValueError("A baseline needs the reward of at least one response.")
    if tau <= 0:
        raise ValueError(f"tau is {tau}; it must be positive.")
    if kind == "mean":
        return math.fsum(rewards) / len(rewards)
    peak = max(rewards)
    total = math.fsum(math.exp((reward - peak) / tau) for reward in rewards)
    return peak + tau * math.log(total / len(rewards))


def mirror_descent_loss(
    log_ratio: torch.Tensor, reward: torch.Tensor, baseline: torch.Tensor, tau: float
) -> torch.Tensor:
    """The surrogate loss of each response [n] (take the mean over responses).

    `log_ratio` is log π_θ(y|x) − log π_i(y|x) summed over the response's tokens [n], with gradient; `reward`
    and `baseline` are [n].
    """
    return (reward - baseline - tau * log_ratio).square() / (2 * tau)

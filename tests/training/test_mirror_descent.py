"""The loss against equation 3 of the paper, worked out by hand on a two-token policy."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.mirror_descent import baseline, mirror_descent_loss

# Two tokens, one logit: π(1) = σ(θ), π(0) = 1 − σ(θ). A response is a sequence of tokens drawn independently,
# so log π(y) is a sum over tokens and d log π(y)/dθ = Σ_t (y_t − σ(θ)).
RESPONSES = [(1, 1, 0), (0,), (1, 0), (1, 1, 1, 1)]
REWARDS = [1.0, 0.0, 0.5, 1.0]


def log_policy(theta: torch.Tensor, response: tuple[int, ...]) -> torch.Tensor:
    tokens = torch.tensor(response, dtype=theta.dtype)
    return (
        tokens * torch.nn.functional.logsigmoid(theta) + (1 - tokens) * torch.nn.functional.logsigmoid(-theta)
    ).sum()


def equation_3(theta: float, theta_i: float, tau: float, base: float) -> float:
    """(1/k)·Σ [∇log π·(r − b) − (τ/2)·∇(log π/π_i)²], with the derivatives written out."""

    def sigmoid(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    total = 0.0
    for response, reward in zip(RESPONSES, REWARDS, strict=True):
        gradient = sum(token - sigmoid(theta) for token in response)
        log_ratio = sum(
            math.log(sigmoid(theta) if token else 1 - sigmoid(theta))
            - math.log(sigmoid(theta_i) if token else 1 - sigmoid(theta_i))
            for token in response
        )
        total += gradient * (reward - base) - (tau / 2) * (2 * log_ratio * gradient)
    return total / len(RESPONSES)


@pytest.mark.parametrize("kind", ["mean", "log_partition"])
@pytest.mark.parametrize("tau", [0.02, 1.0])
def test_gradient_is_equation_3_at_the_first_and_the_second_update(kind, tau):
    theta_i, step = 0.3, 0.25
    theta = torch.tensor(theta_i, dtype=torch.float64, requires_grad=True)
    base = baseline(REWARDS, kind, tau)
    for update in range(2):
        reference = torch.tensor(theta_i, dtype=torch.float64)
        log_ratio = torch.stack([log_policy(theta, y) - log_policy(reference, y) for y in RESPONSES])
        rewards = torch.tensor(REWARDS, dtype=torch.float64)
        loss = mirror_descent_loss(log_ratio, rewards, torch.full_like(rewards, base), tau).mean()
        (gradient,) = torch.autograd.grad(loss, theta)
        at = theta.item()
        assert -float(gradient) == pytest.approx(equation_3(at, theta_i, tau, base), rel=1e-9)
        l2_part = equation_3(at, theta_i, tau, base) - equation_3(at, theta_i, 1e-300, base)
        assert (l2_part == 0) == (update == 0)  # the l2 term has no gradient at the first update
        with torch.no_grad():
            theta -= step * gradient


def test_the_square_is_of_the_sum_over_tokens():
    theta = torch.tensor(0.4, dtype=torch.float64)
    reference = torch.tensor(0.1, dtype=torch.float64)
    response = (1, 1, 0, 1)
    log_ratio = log_policy(theta, response) - log_policy(reference, response)
    loss = mirror_descent_loss(log_ratio, torch.tensor(0.0), torch.tensor(0.0), tau=2.0)
    assert float(loss) == pytest.approx((2.0 * float(log_ratio)) ** 2 / 4.0)


rewards_of_a_group = st.lists(st.floats(-1, 2), min_size=1, max_size=16)


@given(rewards_of_a_group)
def test_log_partition_tends_to_the_mean(rewards):
    assert baseline(rewards, "log_partition", 1e6) == pytest.approx(baseline(rewards, "mean", 1e6), abs=1e-4)


@given(rewards_of_a_group, st.floats(1e-3, 10))
def test_log_partition_lies_between_mean_and_maximum(rewards, tau):
    base = baseline(rewards, "log_partition", tau)
    assert baseline(rewards, "mean", tau) - 1e-9 <= base <= max(rewards) + 1e-9


@given(rewards_of_a_group, st.floats(-5, 5), st.sampled_from(["mean", "log_partition"]))
def test_baselines_move_with_the_rewards(rewards, shift, kind):
    moved = baseline([reward + shift for reward in rewards], kind, 0.1)
    assert moved == pytest.approx(baseline(rewards, kind, 0.1) + shift, abs=1e-9)


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        baseline([], "mean", 0.1)
    with pytest.raises(ValueError, match="positive"):
        baseline([1.0], "log_partition", 0.0)

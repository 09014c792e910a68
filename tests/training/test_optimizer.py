"""The optimizer's settings: what is refused when a recipe is read, the schedule, and clipping."""

import pytest
import torch
from pydantic import ValidationError

from training.errors import StageError
from training.optimizer import OptimizerConfig, make_optimizers, optimizer_step, schedule


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0},
        {"learning_rate": -1e-3},
        {"learning_rate": float("nan")},
        {"final_learning_rate": -1e-4},
        {"warmup_steps": -1},
        {"beta1": 1.0},
        {"beta2": -0.1},
        {"epsilon": 0},
        {"epsilon": -1e-8},
        {"weight_decay": -0.1},
        {"max_grad_norm": 0},
        {"max_grad_norm": -1},
        {"max_grad_norm": float("inf")},
        {"muon_learning_rate": 0},
        {"muon_steps": 100},
    ],
)
def test_values_that_would_stop_reverse_or_break_training_are_refused(change):
    with pytest.raises(ValidationError):
        OptimizerConfig(**({"learning_rate": 1e-3} | change))


def test_every_accepted_edge_makes_an_optimizer():
    config = OptimizerConfig(learning_rate=1e-3, beta1=0, beta2=0, epsilon=1e-30, muon_learning_rate=1e-2)
    assert len(make_optimizers(torch.nn.Linear(2, 2), config)) == 2


def test_the_rate_warms_up_and_decays():
    config = OptimizerConfig(learning_rate=1e-3, final_learning_rate=1e-4, warmup_steps=2)
    shares = [schedule(config, step, 6) for step in range(6)]
    assert shares[:3] == [0.5, 1.0, 1.0]
    assert shares[3:] == sorted(shares[3:], reverse=True)
    assert shares[-1] == pytest.approx(0.1)


def step_once(max_grad_norm, scale=1.0):
    """How far plain weights move in one step, and the norm that is returned."""
    model = torch.nn.Linear(4, 1, bias=False)
    torch.nn.init.ones_(model.weight)
    config = OptimizerConfig(learning_rate=0.1, epsilon=1.0, max_grad_norm=max_grad_norm)
    optimizers = make_optimizers(model, config)
    (scale * model(torch.ones(4))).sum().backward()
    norm = optimizer_step(model, optimizers, config, 1.0, 0, 1)
    return float((1 - model.weight.detach()).mean()), norm


def test_gradients_are_clipped_to_the_norm_or_not_at_all():
    clipped, norm = step_once(0.1)
    free, same_norm = step_once(None)
    assert norm == same_norm == pytest.approx(2.0)
    # With epsilon 1, AdamW's first step is lr * g / (|g| + 1): g is 1 unclipped and 0.05 clipped.
    assert free == pytest.approx(0.1 * 1 / 2)
    assert clipped == pytest.approx(0.1 * 0.05 / 1.05, rel=1e-3)


@pytest.mark.parametrize("max_grad_norm", [1.0, None])
def test_a_gradient_that_is_not_finite_ends_training(max_grad_norm):
    with pytest.raises(StageError, match="gradient at step 1 of 1 is not finite"):
        step_once(max_grad_norm, float("nan"))

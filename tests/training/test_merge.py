import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.long2short.merge import merge


def weights(seed):
    generator = torch.Generator().manual_seed(seed)
    return {"a": torch.randn(3, 4, generator=generator), "b": torch.randn(5, generator=generator)}


@given(st.floats(0, 1), st.integers(0, 1000))
def test_merging_a_model_with_itself_is_the_identity(coefficient, seed):
    own = weights(seed)
    merged = merge(own, own, coefficient)
    assert all(torch.equal(merged[name], tensor) for name, tensor in own.items())


def test_the_ends_are_the_models_and_one_half_is_the_plain_average():
    long, short = weights(1), weights(2)
    for name in long:
        torch.testing.assert_close(merge(long, short, 1.0)[name], long[name])
        torch.testing.assert_close(merge(long, short, 0.0)[name], short[name])
        torch.testing.assert_close(merge(long, short)[name], (long[name] + short[name]) / 2)


def test_other_architectures_and_coefficients_are_refused():
    with pytest.raises(ValueError, match="one architecture"):
        merge(weights(1), {"a": torch.zeros(1)})
    with pytest.raises(ValueError, match="one architecture"):
        merge(weights(1), weights(1) | {"b": torch.zeros(6)})
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        merge(weights(1), weights(1), 1.5)

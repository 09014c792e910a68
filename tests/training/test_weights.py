"""A checkpoint whose weights are not all there is refused, whatever transformers makes of it."""

import json
import logging

import pytest
import torch
from safetensors.torch import load_file, save_file
from training_support import tiny_model

from training.checkpoint import CheckpointError, load_checkpoint


@pytest.fixture
def folder(tmp_path, tokenizer):
    """A checkpoint of somebody else, without a `checkpoint.json`."""
    tiny_model(tokenizer).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    return tmp_path


def rewrite(folder, change):
    """Save what `change` makes of the weights in their place."""
    file = folder / "model.safetensors"
    save_file(change(load_file(file)), file, metadata={"format": "pt"})


def same_weights(model, tokenizer):
    expected = tiny_model(tokenizer).state_dict()
    return all(torch.equal(value, expected[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "_orig_mod.module."])
def test_the_prefix_of_a_wrapper_is_taken_off_and_said(folder, tokenizer, caplog, prefix):
    rewrite(folder, lambda weights: {prefix + name: value for name, value in weights.items()})
    with caplog.at_level(logging.WARNING, "training"):
        model, _ = load_checkpoint(folder)
    assert same_weights(model, tokenizer)
    assert f"the prefix {prefix!r}" in caplog.text


def test_an_unknown_prefix_is_refused(folder):
    rewrite(folder, lambda weights: {f"student.{name}": value for name, value in weights.items()})
    with pytest.raises(CheckpointError, match=r"lacks weights .* and 18 more\. It has student\.model\.embed"):
        load_checkpoint(folder)


def test_one_missing_weight_is_refused_by_its_name(folder):
    lost = "model.layers.1.mlp.up_proj.weight"
    rewrite(folder, lambda weights: {name: value for name, value in weights.items() if name != lost})
    with pytest.raises(CheckpointError, match=rf"lacks weights that its model needs: {lost}\. "):
        load_checkpoint(folder)


def test_a_wrapped_checkpoint_with_a_missing_weight_is_refused_too(folder):
    lost = "model.norm.weight"
    rewrite(folder, lambda weights: {f"module.{n}": value for n, value in weights.items() if n != lost})
    with pytest.raises(CheckpointError, match=lost):
        load_checkpoint(folder)


def test_weights_of_another_shape_are_refused(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"intermediate_size": 64}))
    with pytest.raises(CheckpointError, match=r"another shape .* model\.layers\.0\.mlp"):
        load_checkpoint(folder)


def test_weights_beyond_those_of_the_model_are_said(folder, tokenizer, caplog):
    rewrite(folder, lambda weights: {**weights, "value_head.weight": torch.zeros(1, 32)})
    with caplog.at_level(logging.WARNING, "training"):
        model, _ = load_checkpoint(folder)
    assert same_weights(model, tokenizer)
    assert "no place for, left out: value_head.weight" in caplog.text


def test_a_whole_checkpoint_is_loaded_without_a_word(folder, tokenizer, caplog):
    with caplog.at_level(logging.WARNING, "training"):
        model, _ = load_checkpoint(folder)
    assert same_weights(model, tokenizer)
    assert not caplog.records

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from training_support import tiny_model

from training.examples import Example, collate, epoch_batches, microbatches
from training.logprobs import response_logprobs, token_logprobs
from training.monitor import Silent
from training.sft import SFTConfig, run_sft, sft_loss


def examples(count):
    return [Example(tuple(range(5, 8 + i % 3)), tuple(range(9, 11 + i % 5))) for i in range(count)]


def train(model, out, **more):
    config = SFTConfig(
        epochs=2,
        batch_tokens=64,
        optimizer={"learning_rate": 1e-2, "muon_learning_rate": 1e-2, "muon_steps": 2},
        save_every=20,
    )
    out.mkdir(exist_ok=True)
    return run_sft(
        model, examples(160), config, pad=0, seed=1, out=out, monitor=more.get("monitor", Silent())
    )


def test_the_loss_falls_and_is_logged(tmp_path, tokenizer):
    model = train(tiny_model(tokenizer), tmp_path / "a")
    rows = [json.loads(line) for line in (tmp_path / "a" / "metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["loss"] < 0.5 * rows[0]["loss"]
    assert [row["step"] for row in rows] == sorted(row["step"] for row in rows)
    assert float(sft_loss(model.eval(), collate(examples(4), 0)).detach()) < 1.0


class Stops(Silent):
    """Interrupts training after some steps."""

    def __init__(self, steps):
        self.left = steps

    def task(self, what, total, unit):
        from contextlib import contextmanager

        @contextmanager
        def counting():
            def advance(amount):
                self.left -= amount
                if self.left == 0:
                    raise KeyboardInterrupt

            yield advance

        return counting()


@pytest.mark.parametrize("stop", [7, 33])
def test_a_stopped_run_resumes_to_the_same_weights_and_log(tmp_path, tokenizer, stop):
    whole = train(tiny_model(tokenizer), tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(tiny_model(tokenizer), tmp_path / "broken", monitor=Stops(stop))
    resumed = train(tiny_model(tokenizer), tmp_path / "broken")
    assert all(
        torch.equal(a, b)
        for a, b in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True)
    )
    assert (tmp_path / "broken" / "metrics.jsonl").read_text() == (
        tmp_path / "whole" / "metrics.jsonl"
    ).read_text()


def test_no_example_is_one_clear_sentence(tmp_path, tokenizer):
    with pytest.raises(ValueError, match="no training example"):
        run_sft(
            tiny_model(tokenizer),
            [],
            SFTConfig(optimizer={"learning_rate": 1e-3}),
            pad=0,
            seed=0,
            out=tmp_path,
            monitor=Silent(),
        )


@given(st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(1, 200), st.integers(0, 9))
def test_batches_hold_every_example_once_and_keep_to_the_budget(lengths, tokens, seed):
    for groups in (microbatches(lengths, tokens), list(epoch_batches(lengths, tokens, seed, pool=2))):
        assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
        for group in groups:
            assert len(group) == 1 or len(group) * max(lengths[i] for i in group) <= tokens


def test_padding_and_batching_do_not_change_logprobs(tokenizer):
    model = tiny_model(tokenizer, scale=2.0)
    batch = examples(12)
    together = response_logprobs(model, batch, 0, 10_000)
    alone = [response_logprobs(model, [example], 0, 10_000)[0] for example in batch]
    for one, other in zip(together, alone, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_only_response_tokens_count(tokenizer):
    batch = collate(examples(3), 0)
    values = token_logprobs(tiny_model(tokenizer), batch)
    assert values.shape == (3, batch.tokens.shape[1] - 1)
    assert ((values == 0) == ~batch.targets[:, 1:]).all()


def same(one, other):
    return all(
        torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    )


def test_a_resumed_run_drops_the_same_units_out(tmp_path, tokenizer):
    """A pretrained model may train with dropout; its draws follow from the seed and the step."""

    def with_dropout():
        model = tiny_model(tokenizer)
        for layer in model.model.layers:
            layer.self_attn.attention_dropout = 0.3
        return model

    whole = train(with_dropout(), tmp_path / "whole")
    again = train(with_dropout(), tmp_path / "again")
    assert same(whole, again)
    with pytest.raises(KeyboardInterrupt):
        train(with_dropout(), tmp_path / "cut", monitor=Stops(25))
    assert same(train(with_dropout(), tmp_path / "cut"), whole)
    assert not same(train(tiny_model(tokenizer), tmp_path / "plain"), whole)

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from evals.types import Sample
from training.long2short.dpo import dpo_loss, preference_pairs
from training.long2short.shortest_rejection import shortest_correct
from verifiers import Verdict


def sample(index, tokens, status="correct"):
    verdict = Verdict(status, float(status == "correct"), "x", "exact", "", "test", "1")
    return Sample("p", index, "text", tokens, "stop", verdict, 0)


def reference_dpo(policy_logits, reference_logits, chosen, rejected, beta):
    """The DPO loss of one pair in plain Python, from logits: −log σ(β·Δ)."""

    def logprob(logits, tokens):
        total = 0.0
        for row, token in zip(logits, tokens, strict=True):
            total += row[token] - math.log(sum(math.exp(x) for x in row))
        return total

    margin = (logprob(policy_logits[0], chosen) - logprob(reference_logits[0], chosen)) - (
        logprob(policy_logits[1], rejected) - logprob(reference_logits[1], rejected)
    )
    return math.log(1 + math.exp(-beta * margin))


@pytest.mark.parametrize("seed", range(5))
def test_loss_equals_a_reference_implementation_on_random_logits(seed):
    generator = torch.Generator().manual_seed(seed)
    policy, reference = torch.randn(2, 2, 6, 11, generator=generator, dtype=torch.float64).unbind(0)
    tokens = torch.randint(0, 11, (2, 6), generator=generator)

    def sequence(logits):
        return torch.log_softmax(logits, -1).gather(2, tokens[:, :, None]).sum(dim=(1, 2))

    own, known = sequence(policy), sequence(reference)
    loss = dpo_loss(own[:1], own[1:], known[:1], known[1:], beta=0.3)
    expected = reference_dpo(policy.tolist(), reference.tolist(), tokens[0].tolist(), tokens[1].tolist(), 0.3)
    assert float(loss[0]) == pytest.approx(expected, rel=1e-9)


def test_no_preference_costs_log_two():
    zero = torch.zeros(3)
    assert dpo_loss(zero, zero, zero, zero, 0.1).tolist() == pytest.approx([math.log(2)] * 3)


responses = st.lists(
    st.tuples(st.integers(1, 100), st.sampled_from(["correct", "wrong", "no_answer", "timeout", "error"])),
    max_size=8,
)


@given(responses)
def test_pairs_are_the_papers(drawn):
    samples = [sample(i, tokens, status) for i, (tokens, status) in enumerate(drawn)]
    pairs = preference_pairs(samples, 1.5)
    chosen = shortest_correct(samples)
    if chosen is None:
        assert pairs == []
        return
    right = [s for s in samples if s.verdict.correct]
    assert chosen.response_tokens == min(s.response_tokens for s in right)
    for pair in pairs:
        assert pair.chosen is chosen
        negative = pair.rejected
        assert negative.verdict.status not in ("timeout", "error")
        if negative.verdict.correct:
            assert negative.response_tokens >= 1.5 * chosen.response_tokens
        else:
            assert negative.response_tokens > chosen.response_tokens
    wrong_and_longer = [
        s
        for s in samples
        if s.verdict.status in ("wrong", "no_answer") and s.response_tokens > chosen.response_tokens
    ]
    right_and_long = [
        s for s in right if s is not chosen and s.response_tokens >= 1.5 * chosen.response_tokens
    ]
    assert len(pairs) == len(wrong_and_longer) + len(right_and_long)


def test_the_limit_keeps_the_longest_negatives():
    samples = [sample(0, 10), sample(1, 20), sample(2, 40), sample(3, 30, "wrong")]
    assert [p.rejected.response_tokens for p in preference_pairs(samples, 1.5, limit=2)] == [40, 30]


def test_the_shortest_right_one_wins_and_the_first_of_equals():
    samples = [sample(0, 5, "wrong"), sample(1, 9), sample(2, 7), sample(3, 7)]
    chosen = shortest_correct(samples)
    assert chosen is not None
    assert chosen.sample_index == 2
    assert shortest_correct([sample(0, 5, "wrong")]) is None

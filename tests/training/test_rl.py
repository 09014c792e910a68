"""The RL loop on a tiny policy: what it logs, drops, resumes and refuses."""

import copy
import json
import math
from itertools import pairwise

import pyarrow.parquet as pq
import pytest
import torch
from training_support import tiny_model

from evals.benchmarks.puzzles import level_problems
from evals.types import Message, Problem
from training.engine.canary import HandOverError
from training.engine.local import LocalEngine
from training.examples import Example
from training.logprobs import response_logprobs
from training.monitor import Silent
from training.prompts import encode_prompt
from training.rl import RLConfig, run_rl
from training.tokenizer import tokenize_response
from training.update import TrainingResponse, update_policy


def config(**changes):
    values = {
        "iterations": 3,
        "problems_per_iteration": 6,
        "rollouts_per_problem": 4,
        "tau": 0.1,
        "optimizer": {"learning_rate": 1e-3},
        "max_response_tokens": 24,
        "microbatch_tokens": 512,
    }
    return RLConfig(**{**values, **changes})


@pytest.fixture(scope="module")
def problems():
    """Problems that a random policy often gets right: any response that ends in time is."""
    puzzles = level_problems("countdown-3", "train", 12, 0)
    return [Problem(p.id, p.prompt, r".*", "test-ends", {"family": "countdown"}) for p in puzzles]


@pytest.fixture(autouse=True)
def _verifier(monkeypatch):
    """A task that tiny random weights solve half of the time."""
    from verifiers import Verdict

    def verdict(response):
        right = sum(map(ord, response)) % 2 == 0
        status = "correct" if right else "wrong"
        return Verdict(
            status, float(right), response[-5:], "parity", "even number of words", "test-ends", "1"
        )

    monkeypatch.setattr(
        "training.rewards.judge", lambda answers: [verdict(response) for _, response, _ in answers]
    )


def canary(tokenizer, problems):
    return [
        Example(
            encode_prompt(tokenizer, p.prompt), tokenize_response(tokenizer, "<think> 1 + 2 = 3 </think>")
        )
        for p in problems[:2]
    ]


def train(tmp_path, tokenizer, problems, settings, engine_class=LocalEngine, stop_at=None, policy=None):
    policy = policy or tiny_model(tokenizer, seed=3, scale=2.0)
    engine = engine_class(copy.deepcopy(policy), tokenizer, max_batch=64)
    seen = []

    def on_checkpoint(iteration, model):
        seen.append(iteration)
        if iteration == stop_at:
            raise KeyboardInterrupt

    run_rl(
        policy,
        tokenizer,
        engine,
        problems,
        canary(tokenizer, problems),
        settings,
        seed=5,
        out=tmp_path,
        monitor=Silent(),
        on_checkpoint=on_checkpoint,
    )
    return policy, seen


def rows(path):
    return [json.loads(line) for line in (path / "metrics.jsonl").read_text().splitlines()]


def same(one, other):
    return all(
        torch.equal(a, b) for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    )


def test_an_iteration_logs_what_the_report_needs(tmp_path, tokenizer, problems):
    policy, seen = train(tmp_path, tokenizer, problems, config(checkpoint_every=2))
    assert seen == [2, 3]
    logged = rows(tmp_path)
    assert [row["iteration"] for row in logged] == [1, 2, 3]
    for row in logged:
        assert row["groups"] == 6
        assert row["minibatches"] == 2
        assert 0 < row["accuracy"] < 1
        assert row["sampler_gap_mean"] < 1e-4
        assert row["canary_gap"] < 1e-4
        assert not row["sampler_gap_alarm"]
        assert sum(row["status_shares"].values()) == pytest.approx(1)
        assert row["by_tag"]["family=countdown"]["responses"] == 24
    assert not same(policy, tiny_model(tokenizer, seed=3, scale=2.0))
    table = pq.read_table(tmp_path / "rollouts" / "0001.parquet").to_pylist()
    assert len(table) == 24
    assert {row["reward"] for row in table} == {0.0, 1.0}


def test_a_run_stopped_anywhere_ends_as_an_unbroken_one(tmp_path, tokenizer, problems):
    settings = config(segment_tokens=10)
    whole, _ = train(tmp_path / "whole", tokenizer, problems, settings)
    for stop in (1, 2):
        broken = tmp_path / f"broken{stop}"
        with pytest.raises(KeyboardInterrupt):
            train(broken, tokenizer, problems, settings, stop_at=stop)
        resumed, seen = train(broken, tokenizer, problems, settings)
        assert seen == list(range(stop, 4))  # called again for the iteration it resumes from
        assert same(resumed, whole)
        assert rows(broken) == rows(tmp_path / "whole")


def test_a_kill_between_saving_and_logging_loses_no_row(tmp_path, tokenizer, problems):
    whole, _ = train(tmp_path / "whole", tokenizer, problems, config())
    broken = tmp_path / "broken"
    with pytest.raises(KeyboardInterrupt):
        train(broken, tokenizer, problems, config(), stop_at=2)
    log = broken / "metrics.jsonl"
    log.write_text(
        log.read_text().splitlines(keepends=True)[0] + '{"iteration": 2, "accu'
    )  # torn by the kill
    resumed, _ = train(broken, tokenizer, problems, config())
    assert rows(broken) == rows(tmp_path / "whole")
    assert same(resumed, whole)


def test_a_failed_hand_over_leaves_the_iteration_to_be_repeated(tmp_path, tokenizer, problems):
    settings = config(optimizer={"learning_rate": 3e-3})
    whole, _ = train(tmp_path / "whole", tokenizer, problems, settings)
    with pytest.raises(HandOverError):
        train(tmp_path / "broken", tokenizer, problems, settings, SkipsHandOver)
    resumed, _ = train(tmp_path / "broken", tokenizer, problems, settings)
    assert same(resumed, whole)
    assert rows(tmp_path / "broken") == rows(tmp_path / "whole")


def test_partial_rollouts_wait_for_their_group_and_nothing_is_lost(tmp_path, tokenizer, problems):
    settings = config(segment_tokens=8, iterations=4, problems_per_iteration=2)
    train(tmp_path, tokenizer, problems, settings)
    logged = rows(tmp_path)
    assert logged[0]["groups_pending"] > 0
    started = 2 * 4
    assert sum(row["groups"] for row in logged) + logged[-1]["groups_pending"] == started
    segments = [
        row["segments"]
        for file in sorted((tmp_path / "rollouts").glob("*.parquet"))
        for row in pq.read_table(file).to_pylist()
    ]
    assert max(map(len, segments)) == 3
    for parts in segments:
        assert parts[0][1] == 0
        assert all(a[2] == b[1] and a[0] + 1 == b[0] for a, b in pairwise(parts))
        assert all(end - start <= 8 for _, start, end in parts)


class SkipsHandOver(LocalEngine):
    """An engine that forgets the second hand-over, yet says that it took place."""

    def load_weights(self, weights, version):
        if version == 2:
            self.version = version
            return
        super().load_weights(weights, version)


def test_a_skipped_hand_over_fails_the_run_with_one_sentence(tmp_path, tokenizer, problems):
    with pytest.raises(HandOverError, match="does not hold the trainer's weights") as caught:
        train(tmp_path, tokenizer, problems, config(optimizer={"learning_rate": 3e-3}), SkipsHandOver)
    assert "\n" not in str(caught.value)
    assert len(rows(tmp_path)) == 1  # the iteration whose weights were not handed over is not logged as done


class Drifting(LocalEngine):
    """A sampler whose log-probabilities are off, as with another precision."""

    def generate(self, requests, sampling, on_tokens=None):
        from dataclasses import replace

        drawn = super().generate(requests, sampling, on_tokens)
        return [replace(r, logprobs=tuple(value + 0.1 for value in r.logprobs)) for r in drawn]


def test_a_gap_between_sampler_and_trainer_alarms_but_is_not_trained_with(tmp_path, tokenizer, problems):
    honest, _ = train(tmp_path / "a", tokenizer, problems, config())
    drifting, _ = train(tmp_path / "b", tokenizer, problems, config(), Drifting)
    assert all(row["sampler_gap_alarm"] for row in rows(tmp_path / "b"))
    assert rows(tmp_path / "b")[0]["sampler_gap_mean"] == pytest.approx(0.1, abs=1e-3)
    assert same(honest, drifting)  # log π_i is the trainer's own


def test_groups_without_signal_are_dropped_and_counted(tmp_path, tokenizer, problems, monkeypatch):
    from verifiers import Verdict

    right = Verdict("correct", 1.0, "", "always", "", "test", "1")
    monkeypatch.setattr("training.rewards.judge", lambda answers: [right for _ in answers])
    policy, _ = train(tmp_path, tokenizer, problems, config(iterations=1))
    (row,) = rows(tmp_path)
    assert (row["groups"], row["groups_dropped"], row["minibatches"], row["loss"]) == (6, 6, 0, None)
    assert same(policy, tiny_model(tokenizer, seed=3, scale=2.0))


def test_responses_that_the_verifier_failed_on_have_no_reward(tmp_path, tokenizer, problems, monkeypatch):
    from verifiers import Verdict

    def verdict(response):
        status = ["error", "correct", "wrong"][len(response) % 3]
        return Verdict(status, float(status == "correct"), None, "x", "", "test-ends", "1")

    monkeypatch.setattr(
        "training.rewards.judge", lambda answers: [verdict(response) for _, response, _ in answers]
    )
    train(tmp_path, tokenizer, problems, config(iterations=1))
    assert rows(tmp_path)[0]["status_shares"]["error"] > 0
    table = pq.read_table(tmp_path / "rollouts" / "0001.parquet").to_pylist()
    assert all((row["reward"] is None) == (row["status"] == "error") for row in table)


def test_the_length_penalty_starts_after_its_warm_up(tmp_path, tokenizer, problems):
    train(tmp_path, tokenizer, problems, config(length_penalty={"weight": 0.5, "warmup_iterations": 1}))
    assert [row["length_penalty_weight"] for row in rows(tmp_path)] == [0.0, 0.5, 0.5]
    rewards = [
        {row["reward"] for row in pq.read_table(file).to_pylist()}
        for file in sorted((tmp_path / "rollouts").glob("*.parquet"))
    ]
    assert rewards[0] == {0.0, 1.0}
    assert len(rewards[1]) > 2


def test_one_minibatch_is_refused():
    with pytest.raises(ValueError, match="no gradient at the first update"):
        config(minibatches=1)


def test_updates_raise_rewarded_and_lower_unrewarded_responses(tokenizer):
    policy = tiny_model(tokenizer, seed=4)
    prompt = encode_prompt(tokenizer, (Message("user", "Use 1 2 to make 3 ."),))
    good, bad = (tokenize_response(tokenizer, text) for text in ("1 + 2", "2 * 1"))
    examples = [Example(prompt, good), Example(prompt, bad)] * 2
    before = [float(v.sum()) for v in response_logprobs(policy, examples[:2], 0, 512)]
    responses = [
        TrainingResponse(example, i // 2, float(i % 2 == 0), 0.5, 0, tuple([0.0] * len(example.response)), 99)
        for i, example in enumerate(examples)
    ]
    from training.optimizer import OptimizerConfig

    stats = update_policy(
        policy,
        responses,
        tau=0.1,
        optimizer=OptimizerConfig(learning_rate=1e-3),
        minibatches=2,
        epochs=1,
        microbatch_tokens=512,
        temperature=1.0,
        length_normalised=False,
        pad=0,
        seed=0,
    )
    after = [float(v.sum()) for v in response_logprobs(policy, examples[:2], 0, 512)]
    assert after[0] > before[0]
    assert after[1] < before[1]
    assert stats.minibatches == 2
    assert math.isfinite(stats.loss)

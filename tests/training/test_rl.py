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
from training.errors import StageError
from training.examples import Example, collate
from training.logprobs import response_logprobs, token_logprobs
from training.monitor import Silent
from training.optimizer import OptimizerConfig
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
            encode_prompt(tokenizer, p.prompt),
            tokenize_response(tokenizer, "<think> 1 + 2 = 3 </think>", tokenizer.eos_token_id),
        )
        for p in problems[:2]
    ]


def train(
    tmp_path, tokenizer, problems, settings, engine_class=LocalEngine, stop_at=None, policy=None, monitor=None
):
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
        monitor=monitor or Silent(),
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


def test_without_any_reward_variance_nothing_is_trained(tmp_path, tokenizer, problems, monkeypatch):
    from verifiers import Verdict

    right = Verdict("correct", 1.0, "", "always", "", "test", "1")
    monkeypatch.setattr("training.rewards.judge", lambda answers: [right for _ in answers])
    policy, _ = train(tmp_path, tokenizer, problems, config(iterations=1))
    (row,) = rows(tmp_path)
    assert (row["groups"], row["zero_variance_groups"], row["minibatches"], row["loss"]) == (6, 6, 0, None)
    assert same(policy, tiny_model(tokenizer, seed=3, scale=2.0))


def by_length(statuses):
    """A verifier that gives one of the statuses by the length of the response."""
    from verifiers import Verdict

    def verdict(response):
        status = statuses[len(response) % len(statuses)]
        return Verdict(status, float(status == "correct"), None, "x", "out of memory", "test-ends", "1")

    return lambda answers: [verdict(response) for _, response, _ in answers]


def test_groups_without_variance_are_trained_on_unless_dropped(tmp_path, tokenizer, problems):
    kept, _ = train(tmp_path / "kept", tokenizer, problems, config(rollouts_per_problem=2, iterations=1))
    dropping = config(rollouts_per_problem=2, iterations=1, drop_zero_variance=True)
    dropped, _ = train(tmp_path / "dropped", tokenizer, problems, dropping)
    (row,), (other,) = rows(tmp_path / "kept"), rows(tmp_path / "dropped")
    assert 0 < row["zero_variance_groups"] == other["zero_variance_groups"] < row["groups"]
    assert not same(kept, dropped)
    used = [r["used"] for r in pq.read_table(tmp_path / "kept" / "rollouts" / "0001.parquet").to_pylist()]
    assert all(used)
    used = [r["used"] for r in pq.read_table(tmp_path / "dropped" / "rollouts" / "0001.parquet").to_pylist()]
    assert used.count(False) == 2 * row["zero_variance_groups"]


def test_too_many_failed_verdicts_end_the_run(tmp_path, tokenizer, problems, monkeypatch):
    monkeypatch.setattr("training.rewards.judge", by_length(["error", "correct", "wrong"]))
    with pytest.raises(StageError, match=r"failed on \d+ of 24 responses in iteration 1 .*out of memory"):
        train(tmp_path, tokenizer, problems, config())
    assert not (tmp_path / "state").exists()


def test_a_problem_that_could_not_be_judged_keeps_its_success_rate(
    tmp_path, tokenizer, problems, monkeypatch
):
    monkeypatch.setattr("training.rewards.judge", by_length(["timeout"]))
    train(tmp_path, tokenizer, problems, config(iterations=1, max_failed_share=1.0))
    state = json.loads((tmp_path / "state" / "000001" / "state.json").read_text())
    assert state["success_rates"] == {}
    assert rows(tmp_path)[0]["failed_share"] == 1.0


def test_the_learning_rate_follows_its_schedule_over_iterations(tmp_path, tokenizer, problems):
    optimizer = {"learning_rate": 1e-3, "final_learning_rate": 1e-4, "warmup_steps": 1}
    train(tmp_path, tokenizer, problems, config(iterations=4, optimizer=optimizer))
    rates = [row["learning_rate"] for row in rows(tmp_path)]
    assert rates[:2] == [1e-3, 1e-3]  # the warm-up of one iteration, then the peak
    assert 1e-4 < rates[2] < 1e-3
    assert rates[3] == pytest.approx(1e-4)


def test_training_on_the_last_segments_leaves_tokens_of_earlier_policies_alone(tmp_path, tokenizer, problems):
    """Responses that ended in an earlier iteration wait for their group and have no token of this one."""
    settings = config(iterations=4, segment_tokens=6, max_response_tokens=24, trained_segments="last")
    seen = []

    def update(policy, responses, **options):
        seen.append(responses)
        return update_policy(policy, responses, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.rl.update_policy", update)
        train(tmp_path, tokenizer, problems, settings)
    tables = [pq.read_table(file).to_pylist() for file in sorted((tmp_path / "rollouts").glob("*.parquet"))]
    segments = [
        (number, row["segments"]) for number, table in enumerate(tables) for row in table if row["used"]
    ]
    ended_before = sum(last[-1][0] < number for number, last in segments)
    untrained = sum(r.trained_from == len(r.example.response) for batch in seen for r in batch)
    assert ended_before == untrained > 0


def test_groups_left_over_at_the_end_are_said(tmp_path, tokenizer, problems):
    class Told(Silent):
        def __init__(self):
            self.lines = []

        def log(self, message):
            self.lines.append(message)

    told = Told()
    train(tmp_path, tokenizer, problems, config(iterations=1, segment_tokens=2), monitor=told)
    assert "6 groups with unfinished responses are left over: nothing was trained on them" in told.lines


def test_responses_that_the_verifier_failed_on_have_no_reward(tmp_path, tokenizer, problems, monkeypatch):
    monkeypatch.setattr("training.rewards.judge", by_length(["error", "correct", "wrong"]))
    train(tmp_path, tokenizer, problems, config(iterations=1, max_failed_share=1.0))
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


def update(policy, responses, *, minibatches, epochs):
    """One update of the policy on these responses, at a fixed rate."""
    return update_policy(
        policy,
        responses,
        tau=0.1,
        optimizer=OptimizerConfig(learning_rate=1e-3),
        learning_rate_share=1.0,
        minibatches=minibatches,
        epochs=epochs,
        microbatch_tokens=512,
        temperature=1.0,
        length_normalised=False,
        pad=0,
        seed=0,
    )


def test_updates_raise_rewarded_and_lower_unrewarded_responses(tokenizer):
    policy = tiny_model(tokenizer, seed=4)
    prompt = encode_prompt(tokenizer, (Message("user", "Use 1 2 to make 3 ."),))
    good, bad = (tokenize_response(tokenizer, text, tokenizer.eos_token_id) for text in ("1 + 2", "2 * 1"))
    examples = [Example(prompt, good), Example(prompt, bad)] * 2
    before = [float(v.sum()) for v in response_logprobs(policy, examples[:2], 0, 512)]
    responses = [
        TrainingResponse(example, i // 2, float(i % 2 == 0), 0.5, 0, tuple([0.0] * len(example.response)), 99)
        for i, example in enumerate(examples)
    ]
    stats = update(policy, responses, minibatches=2, epochs=1)
    after = [float(v.sum()) for v in response_logprobs(policy, examples[:2], 0, 512)]
    assert after[0] > before[0]
    assert after[1] < before[1]
    assert stats.minibatches == 2
    assert math.isfinite(stats.loss)


def test_a_problem_with_few_judged_responses_weighs_as_much_as_any(tokenizer):
    """Equation 3 has a mean over the k responses of a problem, then over problems: the gradient by hand."""
    from training.mirror_descent import mirror_descent_loss

    prompt = encode_prompt(tokenizer, (Message("user", "Use 1 2 to make 3 ."),))
    texts = ["1 + 2", "2 * 1", "2 + 1", "1 * 2", "1 - 2", "2 - 1"]
    end = tokenizer.eos_token_id
    examples = [Example(prompt, tokenize_response(tokenizer, text, end)) for text in texts]
    groups, rewards = [0, 0, 0, 0, 1, 1], [1.0, 0.0, 0.0, 1.0, 1.0, 0.0]
    responses = [
        TrainingResponse(example, group, reward, 0.5, 0, tuple([0.0] * len(example.response)), 99)
        for example, group, reward in zip(examples, groups, rewards, strict=True)
    ]
    policy = tiny_model(tokenizer, seed=4)
    norms = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "training.update.optimizer_step",
            lambda model, *rest: (
                norms.append(torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item())
                or model.zero_grad()
                or norms[-1]
            ),
        )
        update(policy, responses, minibatches=1, epochs=2)
    own = torch.stack([token_logprobs(policy, collate([example], 0)).sum() for example in examples])
    losses = mirror_descent_loss(own - own.detach(), torch.tensor(rewards), torch.full((6,), 0.5), 0.1)
    (losses[:4].mean() / 2 + losses[4:].mean() / 2).backward()
    expected = torch.cat([p.grad.flatten() for p in policy.parameters()]).norm().item()
    assert norms[0] == pytest.approx(expected, rel=1e-4)

"""The RL loop: online policy mirror descent, one iteration after another (sections 2.3.2 to 2.3.4 and 2.6).

Iteration i: draw problems → roll out with π_i, resuming unfinished responses → verify → shape rewards within
each group → recompute log π_i with the trainer → reset the optimizer → two or more minibatch updates → hand the
weights to the sampler, canary check → save.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from evals.metrics import percentiles
from evals.types import Problem, Sampling
from training.engine.canary import check_hand_over
from training.engine.protocol import TrainingEngine
from training.engine.repetition import RepeatStop
from training.errors import StageError
from training.examples import Example
from training.length_penalty import LengthPenaltyConfig
from training.metrics_log import MetricsLog
from training.mirror_descent import Baseline
from training.monitor import Monitor
from training.optimizer import OptimizerConfig, schedule
from training.rewards import JudgedGroup, judge_groups
from training.rl_state import RLState, load_rl_state, save_rl_state
from training.rollout import Group, advance_groups, start_groups
from training.rollout_log import write_rollouts
from training.sampling import SamplingConfig, draw_problems, update_success_rates
from training.update import TrainingResponse, UpdateStats, update_policy
from verifiers import STATUSES

PRECISION_LIMITS = {torch.float32: (0.02, 1e-3), torch.bfloat16: (0.05, 0.1)}
"""`sampler_gap_alarm` and `canary_tolerance` by precision, in nats per token.

bfloat16 keeps 8 bits: a logit of 16 is off by up to 0.06, so a single token's log-probability differs by that much
between a cached step and a whole forward pass.
"""


class RLConfig(BaseModel):
    """Everything that defines a mirror-descent run; lengths are in tokens.

    `rollouts_per_problem` is k. `segment_tokens` is the output budget per rollout and iteration (None: no
    partial rollouts). `trained_segments` is `all`, or `last` to train on tokens of this iteration's policy alone.
    `drop_zero_variance` leaves out groups whose rewards are all equal; equation 3 has them, for their l2 term holds the
    policy where it is. Where more than `max_failed_share` of an iteration's responses could not be judged, the run
    ends. `sampler_gap_alarm` is in nats per token (mean over the tokens of an iteration); where it or
    `canary_tolerance` is None, `PRECISION_LIMITS` has the value for the policy's precision.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    iterations: int = Field(ge=1)
    problems_per_iteration: int = Field(ge=1)
    rollouts_per_problem: int = Field(8, ge=2)
    tau: float = Field(gt=0)
    baseline: Baseline = "mean"
    length_normalised: bool = False
    minibatches: int = Field(2, ge=1)
    epochs: int = Field(1, ge=1)
    optimizer: OptimizerConfig
    microbatch_tokens: int = Field(16_384, ge=1)
    max_response_tokens: int = Field(ge=1)
    segment_tokens: int | None = Field(None, ge=1)
    trained_segments: Literal["all", "last"] = "all"
    temperature: float = Field(1.0, gt=0)
    length_penalty: LengthPenaltyConfig = LengthPenaltyConfig()
    sampling: SamplingConfig = SamplingConfig()
    repeat_stop: RepeatStop = RepeatStop()
    repeat_penalty: float = Field(0.0, ge=0)
    drop_zero_variance: bool = False
    max_failed_share: float = Field(0.2, ge=0, le=1)
    checkpoint_every: int = Field(1, ge=1)
    sampler_gap_alarm: float | None = Field(None, gt=0)
    canary_tolerance: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _second_update_exists(self) -> "RLConfig":
        if self.minibatches * self.epochs < 2:
            raise ValueError(
                "minibatches × epochs is 1; take at least 2, for the l2 term has no gradient at the first update"
            )
        return self


OnCheckpoint = Callable[[int, PreTrainedModel], None]


def run_rl(
    policy: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    engine: TrainingEngine,
    problems: Sequence[Problem],
    canary: Sequence[Example],
    config: RLConfig,
    *,
    seed: int,
    out: Path,
    monitor: Monitor,
    on_checkpoint: OnCheckpoint,
) -> PreTrainedModel:
    """Train `policy` in place for `config.iterations` and return it.

    State is saved in `out/state` after every iteration; a killed run goes on from the last one saved.
    `on_checkpoint(iteration, policy)` is called after every `checkpoint_every`-th iteration and the last one
    (iterations count from 1 there); it must be idempotent, for a resumed run calls it again for the iteration
    it resumes from. Raises `HandOverError` when the sampler does not hold the trainer's weights.
    """
    known = {problem.id: problem for problem in problems}
    state = load_rl_state(out / "state", policy, known)
    log = MetricsLog(out / "metrics.jsonl")
    log.keep(lambda row: row["iteration"] < state.iteration)
    if state.row is not None:
        log.append(state.row)
    pad = tokenizer.pad_token_id or 0
    alarm, tolerance = PRECISION_LIMITS.get(policy.dtype, PRECISION_LIMITS[torch.bfloat16])
    alarm, tolerance = config.sampler_gap_alarm or alarm, config.canary_tolerance or tolerance
    engine.load_weights(policy.state_dict(), state.iteration)
    check_hand_over(engine, policy, canary, pad, state.iteration, tolerance)
    if state.iteration and _is_checkpoint(state.iteration, config):
        on_checkpoint(state.iteration, policy)

    with monitor.task("iterations", config.iterations, "iteration") as advance:
        advance(state.iteration)
        for iteration in range(state.iteration, config.iterations):
            with monitor.timed("rollout") as count:
                groups, pending = _roll_out(engine, problems, state, config, iteration, seed, count)
            weight = config.length_penalty.weight_at(iteration)
            with monitor.timed("verify"):
                judged = judge_groups(groups, engine.decode, weight, config.repeat_penalty)
            _check_verdicts(judged, config, iteration)
            used = [group for group in judged if is_trained_on(group, config.drop_zero_variance)]
            stats = None
            # Where no group has better and worse responses, the policy is at the optimum of its loss already.
            if any(group.has_reward_variance for group in used):
                with monitor.timed("train") as count:
                    stats = _update(policy, used, config, iteration, pad, seed, count)
            results = [(group.group.problem, group.accuracy) for group in judged]
            rates = update_success_rates(state.success_rates, results, config.sampling.success_momentum)
            # Handed over and checked before it is saved: a failed hand-over leaves the iteration to be repeated.
            engine.load_weights(policy.state_dict(), iteration + 1)
            gap = check_hand_over(engine, policy, canary, pad, iteration + 1, tolerance)
            row = _metrics(iteration + 1, judged, pending, stats, config, weight, gap, alarm)
            state = RLState(iteration + 1, rates, pending, row)
            with monitor.timed("save"):
                write_rollouts(
                    out / "rollouts" / f"{iteration + 1:04d}.parquet", judged, config.drop_zero_variance
                )
                save_rl_state(out / "state", policy, state)
            log.append(row)
            monitor.log(_line(row, config))
            if _is_checkpoint(iteration + 1, config):
                on_checkpoint(iteration + 1, policy)
            advance(1)
    if state.pending:
        monitor.log(
            f"{len(state.pending)} groups with unfinished responses are left over: nothing was trained on them"
        )
    return policy


def is_trained_on(group: JudgedGroup, drop_zero_variance: bool) -> bool:
    """Whether a finished group goes into the update."""
    return group.has_reward_variance if drop_zero_variance else group.judged > 0


def _check_verdicts(groups: Sequence[JudgedGroup], config: RLConfig, iteration: int) -> None:
    """Raise `StageError` when the verifier failed on too many responses to trust the rewards of the others."""
    total = sum(len(group.verdicts) for group in groups)
    failed = [
        verdict for group in groups for verdict in group.verdicts if verdict.status in ("timeout", "error")
    ]
    if len(failed) > config.max_failed_share * total:
        raise StageError(
            f"The verifier failed on {len(failed)} of {total} responses in iteration {iteration + 1} (the first: "
            f"{failed[0].reason}); mend the verifier or the sandbox, or raise max_failed_share "
            f"({config.max_failed_share:g})."
        )


def _is_checkpoint(iteration: int, config: RLConfig) -> bool:
    return iteration % config.checkpoint_every == 0 or iteration == config.iterations


def _roll_out(
    engine: TrainingEngine,
    problems: Sequence[Problem],
    state: RLState,
    config: RLConfig,
    iteration: int,
    seed: int,
    on_tokens: Callable[[int], None],
) -> tuple[list[Group], list[Group]]:
    """Finished and unfinished groups after this iteration's rollouts. Problems under way are not drawn again."""
    drawn = draw_problems(
        problems,
        config.problems_per_iteration,
        config.sampling,
        state.success_rates,
        iteration,
        seed,
        under_way={group.problem.id for group in state.pending},
    )
    fresh = start_groups(engine, drawn, config.rollouts_per_problem, iteration, seed)
    # top_p = 1 and top-k off: log π of a truncated distribution is not that of the policy.
    sampling = Sampling(temperature=config.temperature, max_tokens=config.max_response_tokens)
    grown = advance_groups(
        engine, [*state.pending, *fresh], sampling, iteration, config.segment_tokens, on_tokens
    )
    return [group for group in grown if group.finished], [group for group in grown if not group.finished]


def _update(
    policy: PreTrainedModel,
    used: Sequence[JudgedGroup],
    config: RLConfig,
    iteration: int,
    pad: int,
    seed: int,
    on_tokens: Callable[[int], None],
) -> UpdateStats:
    responses = []
    for number, judged in enumerate(used):
        base = judged.baseline(config.baseline, config.tau)
        for rollout, reward in zip(judged.group.rollouts, judged.rewards, strict=True):
            if reward is None:
                continue
            last = rollout.segments[-1]
            # The first token that this iteration's policy drew; past the end where it drew none.
            own_from = last.start if last.iteration == iteration else len(rollout.tokens)
            responses.append(
                TrainingResponse(
                    example=Example(rollout.prompt, rollout.tokens),
                    group=number,
                    reward=reward,
                    baseline=base,
                    trained_from=own_from if config.trained_segments == "last" else 0,
                    sampler_logprobs=rollout.logprobs,
                    sampler_from=own_from,
                )
            )
    return update_policy(
        policy,
        responses,
        tau=config.tau,
        optimizer=config.optimizer,
        learning_rate_share=schedule(config.optimizer, iteration, config.iterations),
        minibatches=config.minibatches,
        epochs=config.epochs,
        microbatch_tokens=config.microbatch_tokens,
        temperature=config.temperature,
        length_normalised=config.length_normalised,
        pad=pad,
        seed=random.Random(f"{seed}/update/{iteration}").getrandbits(63),
        on_tokens=on_tokens,
    )


def _share(count: int, total: int) -> float:
    return count / total if total else 0.0


def _metrics(
    iteration: int,
    judged: Sequence[JudgedGroup],
    pending: Sequence[Group],
    stats: UpdateStats | None,
    config: RLConfig,
    weight: float,
    canary_gap: float,
    alarm: float,
) -> dict[str, Any]:
    """One row of `metrics.jsonl`."""
    rollouts = [rollout for group in judged for rollout in group.group.rollouts]
    lengths = [len(rollout.tokens) for rollout in rollouts]
    finish = Counter(rollout.finish_reason for rollout in rollouts)
    verdicts = Counter(verdict.status for group in judged for verdict in group.verdicts)
    rewards = [reward for group in judged for reward in group.rewards if reward is not None]
    by_tag: dict[str, list[float]] = {}
    for group in judged:
        for key, value in group.group.problem.tags.items():
            by_tag.setdefault(f"{key}={value}", []).extend(verdict.score for verdict in group.verdicts)
    total = len(rollouts)
    gap = stats.sampler_gap_mean if stats else 0.0
    return {
        "iteration": iteration,
        "accuracy": _share(verdicts["correct"], total),
        "reward_mean": sum(rewards) / len(rewards) if rewards else 0.0,
        "response_tokens_mean": _share(sum(lengths), total),
        "response_tokens_p90": percentiles(lengths, (90,))["p90"] if lengths else 0.0,
        "truncated_share": _share(finish["length"], total),
        "repeat_share": _share(finish["repeat"], total),
        "groups": len(judged),
        "zero_variance_groups": sum(not group.has_reward_variance for group in judged),
        "groups_pending": len(pending),
        "groups_continued": sum(group.group.started < iteration - 1 for group in judged),
        "failed_share": _share(verdicts["timeout"] + verdicts["error"], total),
        "length_penalty_weight": weight,
        "learning_rate": config.optimizer.learning_rate
        * schedule(config.optimizer, iteration - 1, config.iterations),
        "loss": stats.loss if stats else None,
        "log_ratio_mean": stats.log_ratio_mean if stats else None,
        "log_ratio_abs_mean": stats.log_ratio_abs_mean if stats else None,
        "grad_norm": stats.grad_norm if stats else None,
        "sampler_gap_mean": gap,
        "sampler_gap_max": stats.sampler_gap_max if stats else 0.0,
        "sampler_gap_alarm": gap > alarm,
        "canary_gap": canary_gap,
        "minibatches": stats.minibatches if stats else 0,
        "status_shares": {status: _share(verdicts[status], total) for status in STATUSES},
        "by_tag": {
            tag: {"accuracy": sum(scores) / len(scores), "responses": len(scores)}
            for tag, scores in sorted(by_tag.items())
        },
        "length_normalised": config.length_normalised,
    }


def _line(row: dict[str, Any], config: RLConfig) -> str:
    line = (
        f"iteration {row['iteration']}/{config.iterations}: accuracy {row['accuracy']:.1%}, "
        f"{row['response_tokens_mean']:.0f} tokens, "
        f"{row['zero_variance_groups']}/{row['groups']} groups without variance"
    )
    if row["groups_pending"]:
        line += f", {row['groups_pending']} unfinished"
    if row["failed_share"]:
        line += f", {row['failed_share']:.1%} not judged"
    if row["log_ratio_abs_mean"] is not None:
        line += f", |log-ratio| {row['log_ratio_abs_mean']:.3f}"
    if row["sampler_gap_alarm"]:
        line += (
            f" — ALARM: sampler and trainer differ by {row['sampler_gap_mean']:.3g} nats per token "
            "(more than sampler_gap_alarm)"
        )
    return line

"""From verdicts to shaped rewards, group by group (sections 2.3.1 and 2.3.3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from evals.judge import judge
from training.length_penalty import length_rewards
from training.mirror_descent import Baseline, baseline
from training.rollout import Group
from verifiers import Verdict

Decode = Callable[[Sequence[int]], str]


@dataclass(frozen=True, slots=True)
class JudgedGroup:
    """A finished group with a verdict and a shaped reward per rollout.

    Rollouts whose verifier failed (`timeout`, `error`) have no reward (None): they are neither right nor
    wrong, so they are left out of the baseline and of the update.
    """

    group: Group
    responses: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    rewards: tuple[float | None, ...]

    @property
    def accuracy(self) -> float:
        """Share of right responses among those that could be judged (0 when none could)."""
        scores = [
            v.score for v, reward in zip(self.verdicts, self.rewards, strict=True) if reward is not None
        ]
        return sum(scores) / len(scores) if scores else 0.0

    @property
    def has_signal(self) -> bool:
        """False when every shaped reward is the same: such a group has no gradient and is dropped."""
        return len({reward for reward in self.rewards if reward is not None}) > 1

    def baseline(self, kind: Baseline, tau: float) -> float:
        """The group's baseline from its shaped rewards."""
        return baseline([reward for reward in self.rewards if reward is not None], kind, tau)


def judge_groups(
    groups: Sequence[Group], decode: Decode, length_weight: float, repeat_penalty: float
) -> list[JudgedGroup]:
    """Verify every rollout as the benchmark does, all in one batch, then add the length reward with its weight.

    A rollout whose prompt opened the thinking is judged with that mark in front.
    `repeat_penalty` is taken from the reward of a response that was stopped for repetition (section 2.6).
    """
    responses = [
        tuple(rollout.opening + decode(rollout.tokens) for rollout in group.rollouts) for group in groups
    ]
    verdicts = iter(
        judge(
            (group.problem, response, rollout.finish_reason)
            for group, texts in zip(groups, responses, strict=True)
            for response, rollout in zip(texts, group.rollouts, strict=True)
        )
    )
    return [
        _shaped(group, texts, tuple(islice(verdicts, len(texts))), length_weight, repeat_penalty)
        for group, texts in zip(groups, responses, strict=True)
    ]


def _shaped(
    group: Group,
    responses: tuple[str, ...],
    verdicts: tuple[Verdict, ...],
    length_weight: float,
    repeat_penalty: float,
) -> JudgedGroup:
    judged = [i for i, verdict in enumerate(verdicts) if verdict.status not in ("timeout", "error")]
    lengths = length_rewards(
        [len(group.rollouts[i].tokens) for i in judged], [verdicts[i].correct for i in judged]
    )
    rewards: list[float | None] = [None] * len(verdicts)
    for i, length_reward in zip(judged, lengths, strict=True):
        repeated = group.rollouts[i].finish_reason == "repeat"
        rewards[i] = verdicts[i].score + length_weight * length_reward - repeat_penalty * repeated
    return JudgedGroup(group, responses, verdicts, tuple(rewards))

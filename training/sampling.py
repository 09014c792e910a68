"""Which problems an iteration trains on (section 2.3.4): curriculum and prioritised sampling."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from evals.types import Problem
from training.errors import StageError


class CurriculumPhase(BaseModel):
    """From iteration `from_iteration` on, problems with a difficulty in [`min_difficulty`, `max_difficulty`]."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_iteration: int = Field(0, ge=0)
    min_difficulty: float = 0.0
    max_difficulty: float = 1.0


class SamplingConfig(BaseModel):
    """Curriculum phases in order (easy first, then harder), and whether draws are ∝ 1 − success rate.

    Draws are prioritised from iteration `prioritised_from` on, uniform before; None is never.
    `success_momentum` is the weight of the newest group in a problem's running success rate.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    curriculum: tuple[CurriculumPhase, ...] = (CurriculumPhase(),)
    prioritised_from: int | None = Field(0, ge=0)
    success_momentum: float = Field(0.5, gt=0, le=1)

    @model_validator(mode="after")
    def _phases_in_order(self) -> "SamplingConfig":
        starts = [phase.from_iteration for phase in self.curriculum]
        if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
            raise ValueError(
                f"curriculum phases must start at iteration 0 and ascend; they start at {starts}"
            )
        return self


def curriculum_pool(problems: Sequence[Problem], config: SamplingConfig, iteration: int) -> list[Problem]:
    """The problems that the curriculum admits at this iteration (those of unknown difficulty always)."""
    phase = [phase for phase in config.curriculum if phase.from_iteration <= iteration][-1]
    return [
        problem
        for problem in problems
        if problem.difficulty is None or phase.min_difficulty <= problem.difficulty <= phase.max_difficulty
    ]


def prior_success_rate(problem: Problem) -> float:
    """Of a problem that was not tried yet: the pass rate of curation, 1 − difficulty (0 where unknown)."""
    return 0.0 if problem.difficulty is None else 1.0 - problem.difficulty


def prioritised_weights(problems: Sequence[Problem], success_rates: Mapping[str, float]) -> np.ndarray:
    """Probability of drawing each problem, ∝ 1 − s_i; uniform when every problem is always solved."""
    rates = [success_rates.get(problem.id, prior_success_rate(problem)) for problem in problems]
    weights = 1.0 - np.asarray(rates, dtype=float)
    total = weights.sum()
    return weights / total if total > 0 else np.full(len(problems), 1.0 / len(problems))


def draw_problems(
    problems: Sequence[Problem],
    count: int,
    config: SamplingConfig,
    success_rates: Mapping[str, float],
    iteration: int,
    seed: int,
    under_way: Collection[str] = (),
) -> list[Problem]:
    """`count` distinct problems for this iteration (all of the pool when it has fewer with any weight).

    Problems whose id is `under_way` (their rollouts are unfinished) are not drawn again. Raises `StageError`
    when the curriculum admits no problem.
    """
    admitted = curriculum_pool(problems, config, iteration)
    if not admitted:
        raise StageError(
            f"No training problem fits the curriculum at iteration {iteration}; widen its difficulty range."
        )
    pool = [problem for problem in admitted if problem.id not in under_way]
    if not pool:
        return []
    prioritised = config.prioritised_from is not None and iteration >= config.prioritised_from
    uniform = np.full(len(pool), 1.0 / len(pool))
    weights = prioritised_weights(pool, success_rates) if prioritised else uniform
    rng = np.random.default_rng([seed, iteration])
    chosen = rng.choice(len(pool), size=min(count, int((weights > 0).sum())), replace=False, p=weights)
    return [pool[i] for i in chosen]


def update_success_rates(
    success_rates: Mapping[str, float],
    results: Sequence[tuple[Problem, float | None]],
    momentum: float,
) -> dict[str, float]:
    """Fold each problem's newest share of right responses into its running success rate.

    The first is folded into the prior, so that one lucky group does not retire a problem. A group of which no response
    could be judged (None) says nothing of its problem and leaves the rate alone.
    """
    updated = dict(success_rates)
    for problem, rate in results:
        if rate is None:
            continue
        old = updated.get(problem.id, prior_success_rate(problem))
        updated[problem.id] = (1 - momentum) * old + momentum * rate
    return updated

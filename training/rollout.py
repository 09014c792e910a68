"""Rollouts in groups, with partial rollouts (section 2.6): long responses are continued in later iterations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.engine import Engine, Request, Response
from evals.seeds import derive_seed
from evals.types import FinishReason, Problem, Sampling


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens `start` … `end` of a response, drawn in iteration `iteration`."""

    iteration: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rollout:
    """One response to one problem, possibly still growing.

    `logprobs` are the sampler's, per token, under the policy of the segment that drew it. `finish_reason` is
    None while unfinished. `opening` is that of `evals.engine.Response`.
    """

    prompt: tuple[int, ...]
    seed: int
    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    segments: tuple[Segment, ...] = ()
    finish_reason: FinishReason | None = None
    opening: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The k rollouts of one problem: the unit of baselines, length penalty and filtering."""

    problem: Problem
    rollouts: tuple[Rollout, ...]
    started: int  # iteration

    @property
    def finished(self) -> bool:
        """True when no rollout is still growing."""
        return all(rollout.finish_reason is not None for rollout in self.rollouts)


def start_groups(
    engine: Engine, problems: Sequence[Problem], k: int, iteration: int, seed: int
) -> list[Group]:
    """Fresh groups of k empty rollouts, each with a seed of its own."""
    groups = []
    for problem in problems:
        prompt = engine.encode(problem.prompt)
        seeds = [derive_seed(seed, "rollout", iteration, problem.id, index) for index in range(k)]
        groups.append(Group(problem, tuple(Rollout(prompt, s) for s in seeds), iteration))
    return groups


def _extend(rollout: Rollout, response: Response, iteration: int, max_tokens: int) -> Rollout:
    tokens = rollout.tokens + response.tokens
    cut = response.finish_reason == "length" and len(tokens) < max_tokens  # by this iteration's budget only
    return replace(
        rollout,
        tokens=tokens,
        logprobs=rollout.logprobs + response.logprobs,
        segments=(*rollout.segments, Segment(iteration, len(rollout.tokens), len(tokens))),
        finish_reason=None if cut else response.finish_reason,
        opening=response.opening,
    )


def advance_groups(
    engine: Engine,
    groups: Sequence[Group],
    sampling: Sampling,
    iteration: int,
    segment_tokens: int | None,
    on_tokens: Callable[[int], None] | None = None,
) -> list[Group]:
    """Draw up to `segment_tokens` more tokens for every unfinished rollout (no limit but the response's: None)."""
    places = [
        (g, r)
        for g, group in enumerate(groups)
        for r, rollout in enumerate(group.rollouts)
        if rollout.finish_reason is None
    ]
    requests = []
    for g, r in places:
        rollout = groups[g].rollouts[r]
        budget = None if segment_tokens is None else len(rollout.tokens) + segment_tokens
        requests.append(Request(rollout.prompt, rollout.seed, rollout.tokens, budget))
    responses = engine.generate(requests, sampling, on_tokens)
    grown = [list(group.rollouts) for group in groups]
    for (g, r), response in zip(places, responses, strict=True):
        grown[g][r] = _extend(grown[g][r], response, iteration, sampling.max_tokens)
    return [replace(group, rollouts=tuple(rollouts)) for group, rollouts in zip(groups, grown, strict=True)]


def group_to_json(group: Group) -> dict[str, Any]:
    """A group as plain JSON data, for the queue of unfinished groups in a checkpoint."""
    return {
        "problem_id": group.problem.id,
        "started": group.started,
        "rollouts": [
            {
                "prompt": list(r.prompt),
                "seed": r.seed,
                "tokens": list(r.tokens),
                "logprobs": list(r.logprobs),
                "segments": [[s.iteration, s.start, s.end] for s in r.segments],
                "finish_reason": r.finish_reason,
                "opening": r.opening,
            }
            for r in group.rollouts
        ],
    }


def group_from_json(data: Mapping[str, Any], problems: Mapping[str, Problem]) -> Group:
    """The group that `group_to_json` wrote. Raises `KeyError` for a problem that is not in `problems`."""
    return Group(
        problem=problems[data["problem_id"]],
        started=data["started"],
        rollouts=tuple(
            Rollout(
                prompt=tuple(r["prompt"]),
                seed=r["seed"],
                tokens=tuple(r["tokens"]),
                logprobs=tuple(r["logprobs"]),
                segments=tuple(Segment(*s) for s in r["segments"]),
                finish_reason=r["finish_reason"],
                opening=r.get("opening", ""),  # states of earlier versions have none
            )
            for r in data["rollouts"]
        ),
    )

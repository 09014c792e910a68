"""The RL prompt set (section 2.1): difficulty from pass rates, exclusions, the guess filter and balanced tags."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from evals.engine import Engine, Request, Response
from evals.score import outcomes_by_problem
from evals.seeds import derive_seed
from evals.types import Benchmark, Message, Problem, Sample, Sampling


class CurationConfig(BaseModel):
    """How candidates are judged and which are kept.

    A prompt is trivial when its pass rate over `samples` responses at `temperature` is at least
    `trivial_pass_rate`, and guessable when one of `guess_attempts` answers without a chain of thought (the
    response is started with `guess_prefill`) is right. No value of the tag `balance_by` may hold more than
    `max_tag_share` of what is kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    samples: int = Field(10, ge=1)
    temperature: float = Field(1.2, gt=0)
    max_response_tokens: int = Field(256, ge=1)
    trivial_pass_rate: float = Field(1.0, ge=0, le=1)
    guess_attempts: int = Field(8, ge=0)
    guess_prefill: str = "<think> </think> <answer>"
    guess_max_tokens: int = Field(32, ge=1)
    balance_by: str = "level"
    max_tag_share: float = Field(0.5, gt=0, le=1)


@dataclass(frozen=True, slots=True)
class Removed:
    """A candidate that was not kept, with the rule that removed it and what it saw."""

    problem: Problem
    rule: str
    why: str


CHOICES = re.compile(r"(?:^|\s)\(?A[).:]\s.+(?:^|\s)\(?B[).:]\s", re.DOTALL | re.MULTILINE)
TRUE_FALSE = re.compile(r"\btrue or false\b|\btrue/false\b|\byes or no\b|判断(?:对错|正误)", re.IGNORECASE)
PROOF = re.compile(r"\b(?:prove|show) that\b|\bgive a proof\b|证明", re.IGNORECASE)


def exclusion(problem: Problem) -> str | None:
    """Why a right answer to this prompt is likely without right reasoning, or None where it is not.

    Multiple-choice, true/false and proof-based prompts are excluded (section 2.1).
    """
    text = "\n".join(message.content for message in problem.prompt)
    if problem.verifier == "choice" or CHOICES.search(text):
        return "multiple choice"
    if problem.verifier == "true_false" or TRUE_FALSE.search(text):
        return "true/false"
    return "proof" if PROOF.search(text) else None


class Prefilled:
    """An engine whose every response is started with `prefill`, which counts as part of the response's text."""

    def __init__(self, engine: Engine, prefill: str) -> None:
        self.engine = engine
        self.prefill = prefill

    def encode(self, prompt: Sequence[Message], prefill: str = "") -> tuple[int, ...]:
        """See `evals.engine.Engine`."""
        return self.engine.encode(prompt, self.prefill + prefill)

    def decode(self, tokens: Sequence[int]) -> str:
        """The prefill and what was drawn after it."""
        return f"{self.prefill} {self.engine.decode(tokens)}"

    def generate(
        self, requests: Sequence[Request], sampling: Sampling, on_tokens: Callable[[int], None] | None = None
    ) -> list[Response]:
        """See `evals.engine.Engine`. The prefill, which is part of the text, may be a mark of thinking itself."""
        responses = self.engine.generate(requests, sampling, on_tokens)
        return [replace(response, opening="") for response in responses]


def drawing(
    name: str, problems: Sequence[Problem], samples: int, temperature: float, max_tokens: int
) -> Benchmark:
    """Training problems as a benchmark, so that drawing from them is judged, kept and resumed like a score."""
    return Benchmark(
        name=name,
        version="1",
        description="training problems",
        load=lambda: list(problems),
        sampling=Sampling(temperature=temperature, max_tokens=max_tokens),
        samples_per_problem=samples,
    )


def pass_rates(samples: Sequence[Sample]) -> dict[str, float]:
    """Share of right responses by problem id."""
    return {name: sum(scores) / len(scores) for name, scores in outcomes_by_problem(samples).items()}


def split_candidates(
    problems: Sequence[Problem], rule: str, why: Callable[[Problem], str | None]
) -> tuple[list[Problem], list[Removed]]:
    """Those for which `why` has no reason to remove them, and those for which it has."""
    kept, removed = [], []
    for problem in problems:
        reason = why(problem)
        if reason is None:
            kept.append(problem)
        else:
            removed.append(Removed(problem, rule, reason))
    return kept, removed


def balanced_cap(counts: Sequence[int], max_share: float) -> int:
    """The most a tag value may keep so that none holds more than `max_share` of the total kept.

    With fewer values than 1/`max_share` that is impossible; then the smallest count is kept of each.
    """
    if len(counts) * max_share <= 1:
        return min(counts, default=0)
    fitting = (
        cap
        for cap in range(max(counts, default=0), 0, -1)
        if cap <= max_share * sum(min(n, cap) for n in counts)
    )
    return next(fitting, min(counts, default=0))


def balance(
    problems: Sequence[Problem], tag: str, max_share: float, seed: int
) -> tuple[list[Problem], list[Removed]]:
    """Drop problems of over-represented tag values, chosen by seeded hash; the order stays."""
    counts = Counter(problem.tags.get(tag, "") for problem in problems)
    cap = balanced_cap(list(counts.values()), max_share)
    ranked = sorted(problems, key=lambda problem: derive_seed(seed, "balance", problem.id))
    taken: Counter[str] = Counter()
    kept_ids = set()
    for problem in ranked:
        value = problem.tags.get(tag, "")
        if taken[value] < cap:
            taken[value] += 1
            kept_ids.add(problem.id)
    kept = [problem for problem in problems if problem.id in kept_ids]
    removed = [
        Removed(problem, "balance", f"{tag} {problem.tags.get(tag, '')} has more than {cap} problems")
        for problem in problems
        if problem.id not in kept_ids
    ]
    return kept, removed


def with_difficulty(problem: Problem, pass_rate: float) -> Problem:
    """The problem with its model-based difficulty, 1 − pass rate."""
    return replace(problem, difficulty=1.0 - pass_rate)


def summary(
    candidates: Sequence[Problem],
    kept: Sequence[Problem],
    removed: Sequence[Removed],
    pass_rates: Mapping[str, float],
    samples: int,
) -> dict[str, Any]:
    """What was removed and why, per tag, and the histogram of pass rates (0/n … n/n)."""
    tags = sorted({f"{key}={value}" for problem in candidates for key, value in problem.tags.items()})

    def tagged(problems: Sequence[Problem], tag: str) -> list[Problem]:
        key, value = tag.split("=", 1)
        return [problem for problem in problems if problem.tags.get(key) == value]

    def mean_rate(problems: Sequence[Problem]) -> float | None:
        rates = [pass_rates[problem.id] for problem in problems if problem.id in pass_rates]
        return sum(rates) / len(rates) if rates else None

    histogram = Counter(round(rate * samples) for rate in pass_rates.values())
    return {
        "candidates": len(candidates),
        "kept": len(kept),
        "removed": dict(sorted(Counter(item.rule for item in removed).items())),
        "by_tag": {
            tag: {
                "candidates": len(tagged(candidates, tag)),
                "kept": len(tagged(kept, tag)),
                "mean_pass_rate": mean_rate(tagged(candidates, tag)),
            }
            for tag in tags
        },
        "pass_rate_histogram": [histogram[count] for count in range(samples + 1)],
    }


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """A problem as plain JSON data."""
    return {
        "id": problem.id,
        "prompt": [{"role": message.role, "content": message.content} for message in problem.prompt],
        "reference": problem.reference,
        "verifier": problem.verifier,
        "tags": dict(problem.tags),
        "difficulty": problem.difficulty,
    }


def problem_from_json(data: Mapping[str, Any]) -> Problem:
    """The problem that `problem_to_json` wrote."""
    return Problem(
        id=data["id"],
        prompt=tuple(Message(m["role"], m["content"]) for m in data["prompt"]),
        reference=data["reference"],
        verifier=data["verifier"],
        tags=data["tags"],
        difficulty=data["difficulty"],
    )

"""Verified demonstrations for SFT, of any puzzle family."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.benchmarks.programs import examples_of, size_of
from evals.judge import judge
from evals.seeds import derive_seed
from evals.types import Problem
from training.demonstrations import countdown, ordering, programs

Style = Literal["short", "direct", "long"]
EXHAUSTIVE = 1_000_000  # tries
DIRECT_PREFILL = "<think> </think> <answer>"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A response to a problem; `prefill` is its beginning that is given, not learned."""

    problem: Problem
    response: str
    prefill: str = ""


def _countdown(
    problem: Problem, style: Style, rng: random.Random, max_tries: int, max_checks: int
) -> str | None:
    reference = problem.reference
    found = countdown.search(reference["numbers"], reference["target"], rng, max_tries)
    if found is None:
        return None
    if style == "long":
        return countdown.long_response(reference["target"], found, rng.randint(1, max_checks))
    return (
        countdown.short_response(found.steps) if style == "short" else countdown.direct_response(found.steps)
    )


def _ordering(
    problem: Problem, style: Style, rng: random.Random, max_tries: int, max_checks: int
) -> str | None:
    constraints = [(first, second) for first, second in problem.reference["constraints"]]
    found = ordering.search(problem.reference["items"], constraints, rng)
    if found is None:
        return None
    if style == "long":
        return ordering.long_response(found, rng.randint(1, max_checks))
    if style == "short":
        return ordering.short_response(found.order, constraints)
    return ordering.direct_response(found.order)


def _programs(
    problem: Problem, style: Style, rng: random.Random, max_tries: int, max_checks: int
) -> str | None:
    examples = examples_of(problem)
    found = programs.search(examples, size_of(problem), rng, max_tries)
    if found is None:
        return None
    if style == "long":
        return programs.long_response(found, examples, rng.randint(1, max_checks), rng)
    if style == "short":
        return programs.short_response(found.program, examples[0])
    return programs.direct_response(found.program)


SOLVERS: Mapping[str, Callable[[Problem, Style, random.Random, int, int], str | None]] = {
    "countdown": _countdown,
    "ordering": _ordering,
    "programs": _programs,
}
"""By family: a response in a style, by a search of at most so many tries, with at most so many checks."""


def solve(
    problem: Problem, style: Style, seed: int, *, max_tries: int = EXHAUSTIVE, max_checks: int = 1
) -> str | None:
    """A response that solves the problem, or None where the search was given up after `max_tries` leaves.

    A long one checks its solution one to `max_checks` times. Raises `ValueError` for a family without a solver.
    """
    rng = random.Random(f"{seed}/{style}/{problem.id}")
    family = problem.tags.get("family", "")
    if family not in SOLVERS:
        raise ValueError(f"There is no demonstration solver for problem {problem.id} of family {family!r}.")
    return SOLVERS[family](problem, style, rng, max_tries, max_checks)


def verified(demonstrations: Sequence[Demonstration]) -> list[Demonstration]:
    """The demonstrations. Raises `RuntimeError` when the verifier rejects one, which is a fault of its solver."""
    verdicts = judge((d.problem, f"{d.prefill} {d.response}", None) for d in demonstrations)
    for demonstration, verdict in zip(demonstrations, verdicts, strict=True):
        if not verdict.correct:
            raise RuntimeError(
                f"The demonstration of {demonstration.problem.id} is {verdict.status}: {verdict.reason}"
            )
    return list(demonstrations)


def short_demonstrations(problems: Sequence[Problem], direct_share: float, seed: int) -> list[Demonstration]:
    """A short chain of thought per problem, and for a share of them also an answer without any.

    The latter start with a given `DIRECT_PREFILL`, so the model learns to answer so only when made to.
    """
    made = []
    for problem in problems:
        if (short := solve(problem, "short", seed)) is not None:
            made.append(Demonstration(problem, short))
        direct = random.Random(f"{seed}/is-direct/{problem.id}").random() < direct_share
        if direct and (response := solve(problem, "direct", seed)) is not None:
            made.append(Demonstration(problem, response.removeprefix(DIRECT_PREFILL + " "), DIRECT_PREFILL))
    return verified(made)


def long_demonstrations(
    problems: Sequence[Problem],
    per_problem: Mapping[str, int],
    *,
    max_tries: int,
    max_words: int,
    max_checks: int,
    seed: int,
) -> list[Demonstration]:
    """Verified long traces, up to `per_problem` by level (one where it does not say).

    Each checks its solution one to `max_checks` times. Searches that do not end within `max_tries` tries and
    `max_words` words are left out.
    """
    made = []
    for problem in problems:
        for attempt in range(per_problem.get(problem.tags["level"], 1)):
            own = derive_seed(seed, "trace", attempt)
            trace = solve(problem, "long", own, max_tries=max_tries, max_checks=max_checks)
            if trace is not None and len(trace.split()) <= max_words:
                made.append(Demonstration(problem, trace))
    return verified(made)


def mix_with_short(long: Sequence[Demonstration], short_share: float, seed: int) -> list[Demonstration]:
    """The long demonstrations, and short ones of the same problems such that `short_share` of all are short.

    A warm-up on such a mix adds the long chain of thought to the short one instead of replacing it.
    """
    rng = random.Random(f"{seed}/mix")
    count = round(len(long) * short_share / (1 - short_share))
    problems = [demonstration.problem for demonstration in rng.choices(long, k=count)]
    short = [
        (problem, solve(problem, "short", derive_seed(seed, "short", place)))
        for place, problem in enumerate(problems)
    ]
    return [*long, *verified([Demonstration(problem, text) for problem, text in short if text is not None])]

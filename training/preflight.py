"""Checks before training: programs can be run, right answers pass, junk fails, and rewards vary."""

from collections.abc import Callable, Iterable, Sequence

from evals.types import Problem
from training.rewards import JudgedGroup
from verifiers import KINDS, verify

JUNK = ("", "I do not know.", "<answer> </answer>", "<answer> 0 </answer>", "<think> yes </think> done")


class PreflightError(ValueError):
    """The reward does not do what training needs of it."""


def check_sandbox(problems: Iterable[Problem]) -> None:
    """Where any of `problems` asks for a program, the sandbox must start and have the tools of all their languages.

    Raises `PreflightError` otherwise: programs that cannot be run would count as wrong.
    """
    references = [problem.reference for problem in problems if problem.verifier == "code"]
    if references:
        from verifiers.code import missing_tools
        from verifiers.sandbox import SandboxUnavailable, shared

        try:
            shared()
            missing = missing_tools(references)
        except SandboxUnavailable as error:
            raise PreflightError(
                f"Preflight: some of the answers are programs, which the sandbox runs: {error}"
            ) from error
        if missing:
            raise PreflightError(
                f"Preflight: some of the answers are programs that cannot be run here: {missing}."
            )


def check_kinds(problems: Iterable[Problem]) -> None:
    """Every problem must name a verifier that exists. Raises `PreflightError` for the first that does not."""
    for problem in problems:
        if problem.verifier not in KINDS:
            raise PreflightError(
                f"Preflight: problem {problem.id} asks for the verifier {problem.verifier!r}, which does not exist; "
                f"choose from {', '.join(KINDS)}."
            )


def check_verifier(problems: Sequence[Problem], solve: Callable[[Problem], str | None]) -> None:
    """Every known solution must pass and every junk response fail, on each of `problems`.

    `solve` gives a right response, or None where none is known. Raises `PreflightError` for the first that fails.
    """
    for problem in problems:
        solution = solve(problem)
        if solution is not None:
            verdict = verify(problem.verifier, solution, problem.reference)
            if not verdict.correct:
                raise PreflightError(
                    f"Preflight: the reference solution of {problem.id} is judged {verdict.status} "
                    f"({verdict.reason}); fix the reference or the verifier {problem.verifier!r}."
                )
        for junk in JUNK:
            if verify(problem.verifier, junk, problem.reference).correct:
                raise PreflightError(
                    f"Preflight: the junk response {junk!r} is judged correct for {problem.id}; "
                    f"the verifier {problem.verifier!r} would reward anything."
                )


def check_rewards_vary(groups: Sequence[JudgedGroup]) -> None:
    """At least one group must have both better and worse responses. Raises `PreflightError` otherwise."""
    if not any(group.has_reward_variance for group in groups):
        share = sum(group.accuracy or 0.0 for group in groups) / max(1, len(groups))
        raise PreflightError(
            f"Preflight: in {len(groups)} trial groups every response got the same reward (accuracy {share:.1%}); "
            "RL would have no gradient: train the warm-up longer or choose easier or harder problems."
        )

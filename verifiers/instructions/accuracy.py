"""The benchmark's four figures over many responses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from verifiers.instructions.judge import check


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Shares in [0, 1] of the prompts with every instruction followed, and of the instructions followed."""

    prompts: int
    instructions: int
    prompt_level_strict: float
    prompt_level_loose: float
    instruction_level_strict: float
    instruction_level_loose: float


def accuracies(answered: Iterable[tuple[str, Mapping[str, Any]]]) -> Accuracies:
    """The figures over pairs of response and reference. Raises `ValueError` where there is no pair."""
    strict: list[tuple[bool, ...]] = []
    loose: list[tuple[bool, ...]] = []
    for response, reference in answered:
        strict.append(check(response, reference, "strict"))
        loose.append(check(response, reference, "loose"))
    if not strict:
        raise ValueError("There is no response to take an accuracy of.")
    prompts, total = len(strict), sum(map(len, strict))
    return Accuracies(
        prompts=prompts,
        instructions=total,
        prompt_level_strict=sum(map(all, strict)) / prompts,
        prompt_level_loose=sum(map(all, loose)) / prompts,
        instruction_level_strict=sum(map(sum, strict)) / total,
        instruction_level_loose=sum(map(sum, loose)) / total,
    )

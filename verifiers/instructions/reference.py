"""Read a reference, a row of the benchmark's `input_data.jsonl`, into its instructions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import getfullargspec
from typing import Any

from verifiers.identity import clip
from verifiers.instructions.arguments import read
from verifiers.instructions.table import CHECKS

_TAKES = {name: tuple(getfullargspec(check).kwonlyargs) for name, check in CHECKS.items()}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its id in the benchmark, and whether a text follows it."""

    id: str
    follows: Callable[[str], bool]


def instructions(reference: Mapping[str, Any]) -> list[Instruction]:
    """The instructions of `reference`, in its order. Raises `ValueError` for a malformed one."""
    try:
        ids, kwargs = reference["instruction_id_list"], reference["kwargs"]
    except (KeyError, TypeError, IndexError):
        raise ValueError(_malformed(reference)) from None
    if not isinstance(ids, list | tuple) or not isinstance(kwargs, list | tuple) or not ids:
        raise ValueError(_malformed(reference))
    if len(ids) != len(kwargs):
        raise ValueError(
            f"A reference has one entry of `kwargs` for each instruction; here {len(kwargs)} for {len(ids)}."
        )
    prompt = reference.get("prompt")
    return [_instruction(name, given, prompt) for name, given in zip(ids, kwargs, strict=True)]


def _instruction(name: object, given: object, prompt: object) -> Instruction:
    if not isinstance(name, str) or name not in CHECKS:
        raise ValueError(f"There is no instruction {clip(repr(name), 60)}; there are {', '.join(CHECKS)}.")
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise ValueError(f"{name}: its `kwargs` are {clip(repr(given), 60)}; they must be a mapping.")
    if name == "combination:repeat_prompt" and given.get("prompt_to_repeat") is None:
        given = {**given, "prompt_to_repeat": prompt}
    return Instruction(name, partial(CHECKS[name], **read(name, _TAKES[name], given)))


def _malformed(reference: object) -> str:
    return (
        'A reference for instructions is {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}, '
        f"not {clip(repr(reference), 200)}."
    )

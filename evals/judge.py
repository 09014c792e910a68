"""Judge answers to problems: the benchmark's verdict, which is RL's reward too."""

import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evals.types import FinishReason, Problem
from verifiers import Item, Verdict, verify_batch
from verifiers.extract import after_thinking

Answer = tuple[Problem, str, FinishReason | None]
"""A problem, a response to it, and why the response ends where that is known."""


def judge(answers: Iterable[Answer], workers: int = 0) -> list[Verdict]:
    """One verdict per answer, in order, with `seconds` 0 so that equal runs give equal samples.

    A verifier that fails on an answer gives the status `error`. `workers` as in `verifiers.verify_batch`; programs
    run in the one sandbox of this process whatever it is, one per processor at a time, and equal ones once.
    """
    items = [
        Item(
            problem.verifier, response, problem.reference, {"finish_reason": finish_reason, **problem.options}
        )
        for problem, response, finish_reason in answers
    ]
    programs = [place for place, item in enumerate(items) if item.kind == "code"]
    judged = dict(zip(programs, _judge_programs([items[place] for place in programs]), strict=True))
    others = verify_batch((item for item in items if item.kind != "code"), workers)
    verdicts = [judged[place] if place in judged else next(others) for place in range(len(items))]
    return [replace(verdict, seconds=0.0) for verdict in verdicts]


def _judge_programs(items: Sequence[Item]) -> list[Verdict]:
    """One verdict per item, from threads: while they wait for the sandbox, it works."""
    if not items:
        return []
    keys = [
        json.dumps([_program_text(item), item.reference, dict(item.options)], default=repr) for item in items
    ]
    different = dict(zip(keys, items, strict=True))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        verdicts = threads.map(lambda item: next(verify_batch([item])), different.values())
        judged = dict(zip(different, verdicts, strict=True))
    return [judged[key] for key in keys]


def _program_text(item: Item) -> str | None:
    """What the program is read from: the text after the thinking, or all of a text that is the program."""
    return after_thinking(item.response) if item.options.get("extract", True) else item.response

"""Judge answers to problems: the benchmark's verdict, which is RL's reward too."""

import atexit
import functools
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from evals.types import FinishReason, Problem
from verifiers import Item, Verdict
from verifiers.batch import Workers
from verifiers.extract import after_thinking

Answer = tuple[Problem, str, FinishReason | None]
"""A problem, a response to it, and why the response ends where that is known."""


def judge(answers: Iterable[Answer], workers: int = 0) -> list[Verdict]:
    """One verdict per answer, in order, with `seconds` 0 so that equal runs give equal samples.

    A verifier that fails on an answer gives the status `error`; so does an answer that takes its verifier longer
    than `verifiers.batch` allows. For nothing that a model writes is read in this process, but in others, which
    can be stopped: `workers` of them (at least one), kept from one call to the next. Programs take one process
    per processor whatever `workers` is, and equal ones are run once.
    """
    items = [
        Item(
            problem.verifier, response, problem.reference, {"finish_reason": finish_reason, **problem.options}
        )
        for problem, response, finish_reason in answers
    ]
    programs = [place for place, item in enumerate(items) if item.kind == "code"]
    judged = dict(zip(programs, _judge_programs([items[place] for place in programs]), strict=True))
    others = _workers(os.getpid()).verify_batch(
        (item for item in items if item.kind != "code"), max(1, workers)
    )
    verdicts = [judged[place] if place in judged else next(others) for place in range(len(items))]
    return [replace(verdict, seconds=0.0) for verdict in verdicts]


def close() -> None:
    """End the processes that judge, and their sandboxes; the next call of `judge` starts others."""
    _workers(os.getpid()).close()
    _workers.cache_clear()


def _judge_programs(items: Sequence[Item]) -> list[Verdict]:
    """One verdict per item, one item at a time to each process: while it waits for its sandbox, others work."""
    keys = [
        json.dumps([after_thinking(item.response), item.reference, dict(item.options)], default=repr)
        for item in items
    ]
    different = dict(zip(keys, items, strict=True))
    verdicts = _workers(os.getpid()).verify_batch(different.values(), _cores(), chunk=1)
    judged = dict(zip(different, verdicts, strict=True))
    return [judged[key] for key in keys]


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@functools.cache
def _workers(process: int) -> Workers:
    """The processes that judge for this one; a fork of it gets its own."""
    made = Workers(max(_cores(), 64))
    atexit.register(made.close)
    return made

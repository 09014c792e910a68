"""Judge answers to problems: the benchmark's verdict, which is RL's reward too."""

import atexit
import functools
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from evals.types import FinishReason, Problem
from verifiers import KINDS, Item, Verdict
from verifiers.batch import Workers
from verifiers.extract import after_thinking
from verifiers.options import check_options, has_option

Answer = tuple[Problem, str, FinishReason | None]
"""A problem, a response to it, and why the response ends where that is known."""


def judge(answers: Iterable[Answer], workers: int = 0) -> list[Verdict]:
    """One verdict per answer, in order, with `seconds` 0 so that equal runs give equal samples.

    A verifier that fails on an answer gives the status `error`; so does an answer that takes its verifier longer
    than `verifiers.batch` allows. What a model writes is never read in this process: `workers` other processes (at
    least one) read it, which can be stopped and are kept from one call to the next. Programs take one process per
    processor whatever `workers` is, and equal ones are run once.
    """
    asked = list(answers)
    items = [item_of(answer) for answer in asked]
    judged = {
        place: _refused(problem.verifier) for place, (problem, _, end) in enumerate(asked) if end == "refused"
    }
    programs = [place for place, item in enumerate(items) if item.kind == "code" and place not in judged]
    judged |= zip(programs, _judge_programs([items[place] for place in programs]), strict=True)
    others = _workers(os.getpid()).verify_batch(
        (item for place, item in enumerate(items) if place not in judged), max(1, workers)
    )
    verdicts = [judged[place] if place in judged else next(others) for place in range(len(items))]
    return [replace(verdict, seconds=0.0) for verdict in verdicts]


def close() -> None:
    """End the processes that judge, and their sandboxes; the next call of `judge` starts others."""
    _workers(os.getpid()).close()
    _workers.cache_clear()


def _refused(kind: str) -> Verdict:
    """No answer, whatever the verifier would say of an empty text (it may follow an instruction)."""
    version = import_module(KINDS[kind]).VERSION
    return Verdict("no_answer", 0.0, None, "refused", "The endpoint refused the prompt.", kind, version)


def item_of(answer: Answer) -> Item:
    """What a verifier judges of an answer: the response up to the first of the problem's stop texts."""
    problem, response, finish_reason = up_to_stop(answer)
    options = {"finish_reason": finish_reason, **problem.options}
    return Item(problem.verifier, response, problem.reference, options)


def up_to_stop(answer: Answer) -> Answer:
    """The answer with its response up to the first of the problem's stop texts, where it ends then."""
    problem, response, finish_reason = answer
    ends = [end for text in problem.stop if (end := response.find(text)) >= 0]
    return (problem, response[: min(ends)], "stop") if ends else (problem, response, finish_reason)


def judged_by(
    problems: Sequence[Problem],
    stop: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    *,
    all_used: bool = True,
) -> list[Problem]:
    """The problems with these stop texts, and with those of `options` that their verifiers have, over their own.

    `math.fallback` is the option of one verifier alone, where several have one of that name. Raises `ValueError` for a
    value that a verifier refuses and, with `all_used`, for an option that no verifier of these problems has.
    """
    if not stop and not options:
        return list(problems)
    given = _by_kind(dict.fromkeys(problem.verifier for problem in problems), options or {}, all_used)
    return [
        replace(
            problem, stop=tuple(stop) or problem.stop, options={**problem.options, **given[problem.verifier]}
        )
        for problem in problems
    ]


def _by_kind(kinds: Iterable[str], options: Mapping[str, Any], all_used: bool) -> dict[str, dict[str, Any]]:
    """Of each verifier the options that it has. Raises `ValueError`, see `judged_by`."""
    given: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for full_name, value in options.items():
        only, _, name = full_name.rpartition(".")
        named = [only] if only else list(given)
        if all_used and only and only not in given:
            raise ValueError(f"No problem is judged by {only!r}, which {full_name} is for; leave it out.")
        having = [kind for kind in given if kind in named and has_option(kind, name)]
        refused = []
        for kind in having or (named if all_used else ()):
            try:
                check_options(kind, {name: value})
                given[kind][name] = value
            except ValueError as error:
                refused.append(str(error))
        if refused:
            raise ValueError(" ".join(refused))
    return given


def _judge_programs(items: Sequence[Item]) -> list[Verdict]:
    """One verdict per item, one item at a time to each process: while it waits for its sandbox, others work."""
    keys = [
        json.dumps([_program_text(item), item.reference, dict(item.options)], default=repr) for item in items
    ]
    different = dict(zip(keys, items, strict=True))
    verdicts = _workers(os.getpid()).verify_batch(different.values(), _cores(), chunk=1)
    judged = dict(zip(different, verdicts, strict=True))
    return [judged[key] for key in keys]


def _program_text(item: Item) -> str | None:
    """By what equal programs are told: the text after the thinking, or all of it where marks of one's own end that."""
    whole = not item.options.get("extract", True) or item.options.get("thinking_marks")
    return item.response if whole else after_thinking(item.response)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@functools.cache
def _workers(process: int) -> Workers:
    """The processes that judge for this one; a fork of it gets its own."""
    made = Workers(max(_cores(), 64))
    atexit.register(made.close)
    return made

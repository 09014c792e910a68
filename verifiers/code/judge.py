"""Judge one program: run it on each test case in a sandbox, and compare outside of it."""

import json
import os
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from time import perf_counter
from typing import Any, Literal

from verifiers.code import harness, outside
from verifiers.code.extract import Code, extract_code, given_code
from verifiers.code.outcome import TestResult, checked, compared, failure, of_harness, without_value
from verifiers.code.outline import asked_of_program, called_in, closed
from verifiers.code.python_prompt import completed, parses
from verifiers.code.reference import Case, Task, read
from verifiers.identity import Identity, check_response
from verifiers.sandbox.types import Call, Check, Execution, Input, Limits, Program, Sandbox, Stdin
from verifiers.thinking import Pairs, with_marks
from verifiers.verdict import Verdict

VERSION = "3"
Score = Literal["all", "share"]
LONGEST = 200_000
"""Characters of a program that is run; a longer one is wrong."""

_SELF = Identity("code", VERSION)
_FUTURE = re.compile(r"^from __future__ import [^\n]*\n?", re.MULTILINE)
_SOLUTION = re.compile(r"^class\s+Solution\b", re.MULTILINE)


def verify(
    response: str,
    reference: Mapping[str, Any],
    *,
    finish_reason: str | None = None,
    score: Score = "all",
    sandbox: str | Sandbox | None = None,
    extract: bool = True,
    thinking_marks: Pairs = (),
) -> Verdict:
    """Judge the program in `response` by the test cases of `reference`.

    `score`: `all` stops at the first test case that fails; `share` runs all of them, and the score is the
    share that passes. `sandbox` is the address of a service, a sandbox, or None for this process's own.
    `extract`: whether the program is looked for in the response; False where the response is the program's text itself.
    `thinking_marks` names further marks of thinking. Raises `ValueError` for a malformed reference or option. Where
    the sandbox fails, the status is `error`.
    """
    started = perf_counter()
    check_response(response)
    _check_options(score, sandbox)
    task = read(reference)
    found = _found(with_marks(response, thinking_marks), task, finish_reason, extract)
    if found.text is None:
        return _SELF.missing(found.as_extraction(), finish_reason, started)
    if len(found.text) > LONGEST:
        reason = f"The program has {len(found.text)} characters; at most {LONGEST} are run."
        return _SELF.verdict("wrong", found.text, "extract", reason, started)
    results: list[TestResult] = []
    with closing(_results(found.text, task, sandbox, stop=score == "all")) as coming:
        for result in coming:
            results.append(result)
            if result.outcome == "error":
                break
    return _verdict(results, task, score, found, started)


def check(
    response: str,
    reference: Mapping[str, Any],
    *,
    sandbox: str | Sandbox | None = None,
    extract: bool = True,
) -> tuple[TestResult, ...]:
    """What comes of each test case of `reference`, in its order. Raises as `verify` does."""
    check_response(response)
    _check_options("all", sandbox)
    task = read(reference)
    found = _found(response, task, None, extract)
    if found.text is None:
        return (TestResult("failed", "extract", found.reason),) * len(task.cases)
    if len(found.text) > LONGEST:
        return (TestResult("failed", "extract", "the program is too long."),) * len(task.cases)
    return tuple(_results(found.text, task, sandbox, stop=False))


def _found(response: str, task: Task, finish_reason: str | None, extract: bool) -> Code:
    """The program. A response that is code as a whole has no mark of its end, so one that was cut has none."""
    prompt = task.prompt if task.language == "python" else task.head
    find = extract_code if extract else given_code
    found = find(response, task.language, prompt=prompt, functions=_functions(task))
    if found.how == "whole" and finish_reason == "length":
        return Code(None, "none", "Nothing shows that the program is complete.", unclosed=True)
    if found.goes_on and found.text is not None:
        return replace(found, text=closed(f"{prompt.rstrip()}\n{found.text}", task.language))
    return found


def _functions(task: Task) -> frozenset[str]:
    """The names of which the program defines one; none where it is run as a whole."""
    if task.sort == "tests":
        return frozenset()
    if task.language == "python":
        return asked_of_program(task.function, task.prompt)
    return frozenset({task.function}) if task.function else called_in(task.cases[0].given, task.language)


def _check_options(score: object, sandbox: object) -> None:
    if score not in ("all", "share"):
        raise ValueError(f"The score is {score!r}; it must be 'all' or 'share'.")
    if sandbox is not None and not isinstance(sandbox, str) and not hasattr(sandbox, "run"):
        raise ValueError(f"The sandbox is {sandbox!r}; it must be the address of a service, or a sandbox.")


def _results(
    code: str, task: Task, sandbox: str | Sandbox | None, *, stop: bool
) -> Generator[TestResult, None, None]:
    """The result of each test case, up to the first that does not pass where that is to `stop` it."""
    from verifiers.sandbox import SandboxUnavailable, shared

    given = 0
    try:
        place = shared(sandbox) if sandbox is None or isinstance(sandbox, str) else sandbox
        for result in _runners(task)(code, task, place, stop):
            given += 1
            yield result
            if stop and not result.passed:
                return
    except SandboxUnavailable as error:
        yield from (TestResult("error", "sandbox", str(error)) for _ in task.cases[given:])


def _runners(task: Task) -> Callable[[str, Task, Sandbox, bool], Iterator[TestResult]]:
    if task.sort == "harness":
        return _with_harness
    return _with_checker if task.checker is not None else _with_expected


def _with_expected(code: str, task: Task, place: Sandbox, stop: bool) -> Iterator[TestResult]:
    with _running(place, _program(code, task), _inputs(code, task), task.limits) as runs:
        for case, run in zip(task.cases, runs, strict=True):
            yield failure(run, task) or compared(run, case, task)


def _with_harness(code: str, task: Task, place: Sandbox, stop: bool) -> Iterator[TestResult]:
    for case in task.cases:
        secret = os.urandom(16).hex()
        more: dict[str, str] = {}
        if case.expected is None:
            source = harness.assembled(_source(code, task), case.given, task.language, secret)
        else:
            source, more = outside.assembled(_source(code, task), case.expected, task.language, secret)
        program = Program(source, task.language, {**task.files, **more})
        with _running(place, program, [Stdin()], task.limits) as runs:
            for run in runs:
                yield failure(run, task) or of_harness(run, case, task, secret)


def _with_checker(code: str, task: Task, place: Sandbox, stop: bool) -> Iterator[TestResult]:
    """First the program, then the checker on all that it printed: so each is compiled once."""
    assert task.checker is not None
    done: list[tuple[Case, Execution, TestResult | None]] = []
    with _running(place, _program(code, task), _inputs(code, task), task.limits) as runs:
        for case, run in zip(task.cases, runs, strict=not stop):
            done.append((case, run, failure(run, task) or without_value(run, task)))
            if stop and done[-1][-1] is not None:
                break
    questions = [Stdin(_question(case, run, task)) for case, run, failed in done if failed is None]
    with _running(place, task.checker, questions, Limits()) as opinions:
        for _, run, failed in done:
            yield failed or checked(next(opinions), run)


def _question(case: Case, run: Execution, task: Task) -> bytes:
    """What a checker reads: input, output and expected output, each a line with its number of bytes, then they."""
    if task.sort == "calls":
        said, wanted = (run.value or "").encode(), json.dumps(case.expected).encode()
    else:
        said, wanted = run.stdout, case.expected.encode("utf-8", "surrogatepass")
    given = case.given.encode("utf-8", "surrogatepass")
    return b"".join(b"%d\n%b\n" % (len(part), part) for part in (given, said, wanted))


@contextmanager
def _running(
    place: Sandbox, program: Program, inputs: Iterable[Input], limits: Limits
) -> Iterator[Iterator[Execution]]:
    """The executions; those that nobody asked for are not run."""
    runs = place.run(program, inputs, limits)
    try:
        yield runs
    finally:
        if isinstance(runs, Generator):
            runs.close()


def _program(code: str, task: Task) -> Program:
    return Program(_source(code, task), task.language, task.files)


def _source(code: str, task: Task) -> str:
    """The program behind the task's prompt; what Python wants on the first lines of a file stays there."""
    if not task.prompt:
        return code
    prompt = task.prompt if task.prompt.endswith("\n") else task.prompt + "\n"
    if task.language == "python" and not parses(prompt + code):
        prompt = completed(prompt)  # a whole function behind the bare head of one
    if task.language != "python" or "__future__" not in code:
        return prompt + code
    return "".join((*_FUTURE.findall(code), prompt, _FUTURE.sub("", code)))


def _inputs(code: str, task: Task) -> list[Input]:
    if task.sort == "tests":
        return [Stdin(case.given.encode("utf-8", "surrogatepass")) for case in task.cases]
    function = _function(code, task.function)
    if task.sort == "calls":
        return [Call(function, case.given) for case in task.cases]
    return [Check(function, case.given) for case in task.cases]


def _function(code: str, name: str) -> str:
    """Where the program has a class `Solution` and no function of this name, its method of this name."""
    if "." in name or not _SOLUTION.search(code):
        return name
    alone = re.search(rf"^(?:async\s+)?def\s+{name}\b|^{name}\s*[:=]", code, re.MULTILINE)
    return name if alone else f"Solution.{name}"


def _comparison(task: Task) -> str:
    """How results are compared, for a reader."""
    if task.checker is not None:
        return "checker"
    if task.sort == "harness":
        return f"harness tests={'inside' if _runs_inside(task) else 'outside'}"
    return task.compare if task.sort in ("tests", "calls") else task.sort


def _runs_inside(task: Task) -> bool:
    """Whether tests share the program's process, as they could not be read."""
    return task.sort == "harness" and any(case.expected is None for case in task.cases)


def _verdict(results: list[TestResult], task: Task, score: Score, found: Code, started: float) -> Verdict:
    total, passed = len(task.cases), sum(result.passed for result in results)
    policy = f"compare={_comparison(task)} score={score} code={found.how}"
    if passed == total:
        reason = f"Passes all {total} tests." if total > 1 else "Passes its test."
        if _runs_inside(task):
            reason = "Passes its tests, which ran inside the program's own process."
        verdict = _SELF.verdict("correct", found.text, results[-1].layer, reason, started)
        return replace(verdict, policy=policy)
    # An error ends the judging: it is the last result where there is one.
    place = len(results) - 1 if results[-1].outcome == "error" else _first_failure(results)
    result, reason = results[place], f"Test {place + 1} of {total}: {results[place].reason}"
    if result.outcome == "error":
        return replace(_SELF.verdict("error", found.text, result.layer, reason, started), policy=policy)
    share = passed / total if score == "share" else 0.0
    if score == "share":
        reason = f"Passes {passed} of {total}. {reason}"
    verdict = _SELF.verdict("wrong", found.text, result.layer, reason, started)
    return replace(verdict, policy=policy, score=share)


def _first_failure(results: list[TestResult]) -> int:
    return next(place for place, result in enumerate(results) if not result.passed)

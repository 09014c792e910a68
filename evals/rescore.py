"""Judge responses that others have saved, and set our verdicts beside their marks."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.candidates import votes
from evals.figures import AVERAGE
from evals.judge import Answer, item_of, judge, judged_by, up_to_stop
from evals.metrics import maj_at_k, mean, mean_interval, pass_at_k, problem_means
from evals.recorded.json_answers import json_answer
from evals.recorded.record import Record
from evals.score import UNCOUNTED, by_problem, outcomes_by_problem, shares
from evals.types import Figure, Interval, Measure, Problem, Sample
from verifiers import STATUSES, Verdict, verify_batch

MANY_ERRORS, MANY_WITHOUT_ANSWER = 0.1, 0.5
"""Shares of the responses above which a score comes with a warning."""
OF_ANSWERS = ("math", "choice", "text", "true_false")
"""Verifiers that look for an answer in a response, which may hold it in JSON."""
PROGRAMS = 32
"""Programs judged between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """One saved response with the problem that it was judged on and our verdict."""

    record: Record
    problem: Problem
    verdict: Verdict

    def agrees(self, name: str) -> bool | None:
        """Whether our verdict is their mark of that name; None where there is none, or ours is no verdict."""
        label = self.record.marks.get(name)
        return None if label is None or self.verdict.status == "error" else label == self.verdict.correct


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the file's marks beside our verdicts on the same `marked` responses.

    `only_ours` and `only_theirs` count the responses that one side alone calls right; verdicts that failed are in
    neither, nor in `agreement`, which is None where all failed.
    """

    marked: int
    theirs: Interval
    ours: Interval
    agreement: float | None
    only_ours: int
    only_theirs: int


@dataclass(frozen=True, slots=True)
class Rescore:
    """Our score of a file beside the file's own; intervals are 95 %, clustered by problem.

    `ours` is avg@k. `metric` and `measures` are as in `evals.types.Score`: what the protocol publishes, and the
    figures beside avg@k, which are the protocol's and, of several responses to each problem, pass@k and maj@k.
    `marks` has each of the file's marks by name, to be compared with avg@k. `shared` are figures that the file gives
    to problems with several responses, averaged over problems.
    """

    problems: int
    responses: int
    ours: Interval
    metric: str
    measures: Mapping[str, Figure]
    marks: Mapping[str, Beside]
    shared: Mapping[str, float]
    status_shares: Mapping[str, float]


def rescore(
    pairs: Sequence[tuple[Record, Problem]],
    workers: int = 0,
    options: Mapping[str, Any] | None = None,
    on_progress: Callable[[int], None] = lambda count: None,
    stop: Sequence[str] = (),
) -> list[Rescored]:
    """Judge every record on its problem, in order.

    Each verifier gets those of `options` that it has, over the problems' own, and each response ends before the first
    of the texts `stop`. A response that is a JSON object with an answer is judged by that answer. As many other
    processes as `workers` says judge, at least one, so that none can hang this one. `on_progress` is told how many
    were judged since. Raises `ValueError` for an option that no verifier of these problems has.
    """
    asked = [
        _as_saved(record, problem)
        for (record, _), problem in zip(
            pairs, judged_by([one for _, one in pairs], stop, options), strict=True
        )
    ]
    answers = [_answer(record, problem) for (record, _), problem in zip(pairs, asked, strict=True)]
    # `judge` runs equal programs once, and knows that a prompt that was refused has no response for a verifier.
    programs = [
        n for n, (problem, _, end) in enumerate(answers) if problem.verifier == "code" or end == "refused"
    ]
    others = sorted(set(range(len(answers))) - set(programs))
    verdicts: dict[int, Verdict] = {}
    for start in range(0, len(programs), PROGRAMS):
        batch = programs[start : start + PROGRAMS]
        verdicts |= zip(batch, judge(answers[place] for place in batch), strict=True)
        on_progress(len(batch))
    items = (item_of(answers[place]) for place in others)
    for place, verdict in zip(others, verify_batch(items, max(1, workers)), strict=True):
        verdicts[place] = verdict
        on_progress(1)
    return [Rescored(record, asked[place], verdicts[place]) for place, (record, _) in enumerate(pairs)]


def _answer(record: Record, problem: Problem) -> Answer:
    problem, response, finish_reason = up_to_stop((problem, record.response, record.finish_reason))
    answer = json_answer(response) if problem.verifier in OF_ANSWERS else None
    return problem, response if answer is None else f"<answer>{answer}</answer>", finish_reason


def _as_saved(record: Record, problem: Problem) -> Problem:
    """The problem with the option by which a response that is a program is taken as it is."""
    as_it_is = record.is_code and problem.verifier == "code"
    return replace(problem, options={**problem.options, "extract": False}) if as_it_is else problem


def summarise(
    rescored: Sequence[Rescored], measures: Mapping[str, Measure] | None = None, metric: str = AVERAGE
) -> Rescore:
    """The figures of a file, with a protocol's `measures` and the `metric` that it publishes.

    Measures are made of whole problems, so they are left out where one is known by its reference alone, or has a
    reference that its verifier refuses. Raises `ValueError` where the file has no response.
    """
    if not rescored:
        raise ValueError("The file has no response to judge.")
    samples = [_sample(one, one.verdict) for one in rescored]
    problems = list({one.problem.id: one.problem for one in rescored}.values())
    whole = all(one.problem.prompt and one.verdict.layer != "reference" for one in rescored)
    made = {name: measure(problems, samples) for name, measure in (measures or {}).items() if whole}
    return Rescore(
        problems=len(problems),
        responses=len(rescored),
        ours=_accuracy(samples),
        metric=metric,
        measures=made | _of_several(samples),
        marks={name: _beside(rescored, name) for name in mark_names(rescored)},
        shared=_shared(rescored),
        status_shares=shares((one.verdict.status for one in rescored), STATUSES),
    )


def warnings(rescored: Sequence[Rescored]) -> list[str]:
    """What a reader of the score must be warned of: many errors, or responses without an answer, and why."""
    bounds: tuple[tuple[str, float, str], ...] = (
        ("error", MANY_ERRORS, "could not be judged and count as wrong"),
        ("no_answer", MANY_WITHOUT_ANSWER, "have no answer that is read"),
    )
    made = []
    for status, bound, what in bounds:
        reasons = Counter(one.verdict.reason for one in rescored if one.verdict.status == status)
        if (count := reasons.total()) > bound * len(rescored):
            reason, most = reasons.most_common(1)[0]
            made.append(
                f"Warning: {count:,} of {len(rescored):,} responses {what}; the commonest reason ({most:,}): {reason}"
            )
    return made


def mark_names(rescored: Sequence[Rescored]) -> list[str]:
    """The names of the file's marks, in its order."""
    return list(dict.fromkeys(name for one in rescored for name in one.record.marks))


def _sample(one: Rescored, verdict: Verdict) -> Sample:
    """The response as a sample with that verdict; what a file does not say, no figure here asks for."""
    record, problem = one.record, one.problem
    return Sample(
        problem_id=problem.id,
        sample_index=record.sample or 0,
        response=record.response,
        response_tokens=0,
        finish_reason=record.finish_reason or "stop",
        verdict=verdict,
        seed=0,
        tags=problem.tags,
    )


def _accuracy(samples: Sequence[Sample]) -> Interval:
    return mean_interval(problem_means(list(outcomes_by_problem(samples).values())))


def _beside(rescored: Sequence[Rescored], name: str) -> Beside:
    marked = [one for one in rescored if name in one.record.marks]
    agreed = [one.agrees(name) for one in marked if one.agrees(name) is not None]
    differ = [one for one in marked if one.agrees(name) is False]
    only_ours = sum(one.verdict.correct for one in differ)
    return Beside(
        marked=len(marked),
        theirs=_accuracy([_sample(one, _as_verdict(one, name)) for one in marked]),
        ours=_accuracy([_sample(one, one.verdict) for one in marked]),
        agreement=sum(map(bool, agreed)) / len(agreed) if agreed else None,
        only_ours=only_ours,
        only_theirs=len(differ) - only_ours,
    )


def _as_verdict(one: Rescored, name: str) -> Verdict:
    """Their mark in the place of our verdict."""
    return replace(one.verdict, status="correct" if one.record.marks[name] else "wrong")


def _shared(rescored: Sequence[Rescored]) -> dict[str, float]:
    rows = {one.problem.id: one.record.shared for one in rescored}.values()
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: mean([row[name] for row in rows if name in row]) for name in names}


def _of_several(samples: Sequence[Sample]) -> dict[str, Figure]:
    """pass@k and maj@k for the k responses that every problem has at least, where that is more than one.

    Answers that the verifier holds equal are one candidate; programs and texts that follow instructions have none.
    """
    groups = list(by_problem(samples).values())
    k = min(map(len, groups))
    if k < 2:
        return {}
    outcomes = outcomes_by_problem(samples).values()
    made = {f"pass@{k}": _figure([pass_at_k([row], k) for row in outcomes])}
    if all(sample.verdict.verifier not in UNCOUNTED for sample in samples):
        made[f"maj@{k}"] = _figure([maj_at_k([votes(group)], k) for group in groups])
    return made


def _figure(by_problem: Sequence[float]) -> Figure:
    interval = mean_interval(by_problem)
    return Figure(interval.value, interval.low, interval.high)

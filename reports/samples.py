"""Real samples for the browser, picked by rule and not by hand.

For the key checkpoints (SFT, long-CoT SFT, the last of RL, the best long2short) and every family: two right
responses, two wrong ones and one of each other status that occurs, at evenly spaced quantiles of response
length within their group, so that they are neither the shortest nor the most telling.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from evals.types import Sample, Score
from reports.names import KeyScores
from reports.run import Run
from verifiers import STATUSES

MAX_CHARACTERS = 6000
PICKS = {"correct": 2, "wrong": 2}


@dataclass(frozen=True, slots=True)
class SampleView:
    """One sample as shown. `of` is the number of samples in its group, from which it was picked."""

    checkpoint: str
    stage: str
    family: str
    level: str
    problem_id: str
    sample_index: int
    prompt: str
    response: str
    cut_characters: int
    response_tokens: int
    finish_reason: str
    status: str
    answer: str | None
    layer: str
    reason: str
    verifier: str
    seed: int
    of: int


def pick(run: Run, keys: KeyScores) -> tuple[SampleView, ...]:
    """The samples of the browser, ordered by checkpoint, family and status."""
    return tuple(view for label, score in keys.named() for view in _of_checkpoint(run, label, score))


def _of_checkpoint(run: Run, label: str, score: Score) -> list[SampleView]:
    samples, prompts = run.samples(score)
    views = []
    for family in sorted({s.tags.get("family", "") for s in samples}):
        for status in STATUSES:
            group = [s for s in samples if s.tags.get("family", "") == family and s.verdict.status == status]
            views += [
                _view(sample, prompts.get(sample.problem_id, ""), label, score, family, len(group))
                for sample in spaced(group, PICKS.get(status, 1))
            ]
    return views


def spaced(samples: Sequence[Sample], number: int) -> list[Sample]:
    """`number` samples at evenly spaced quantiles of response length; ties go by problem and index."""
    ranked = sorted(samples, key=lambda s: (s.response_tokens, s.problem_id, s.sample_index))
    places = dict.fromkeys(len(ranked) * (2 * i + 1) // (2 * number) for i in range(number)) if ranked else {}
    return [ranked[place] for place in places]


def _view(sample: Sample, prompt: str, label: str, score: Score, family: str, of: int) -> SampleView:
    verdict = sample.verdict
    text = sample.response
    return SampleView(
        checkpoint=score.checkpoint,
        stage=label,
        family=family,
        level=sample.tags.get("level", ""),
        problem_id=sample.problem_id,
        sample_index=sample.sample_index,
        prompt=prompt,
        response=text[:MAX_CHARACTERS],
        cut_characters=max(0, len(text) - MAX_CHARACTERS),
        response_tokens=sample.response_tokens,
        finish_reason=sample.finish_reason,
        status=verdict.status,
        answer=verdict.answer
        if verdict.answer is None or isinstance(verdict.answer, str)
        else json.dumps(verdict.answer),
        layer=verdict.layer,
        reason=verdict.reason,
        verifier=f"{verdict.verifier} {verdict.version}".strip(),
        seed=sample.seed,
        of=of,
    )

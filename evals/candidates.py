"""The votes of a problem's samples: answers that the verifier holds equal are one candidate."""

from collections.abc import Sequence

from evals.metrics import Vote
from evals.types import Sample
from verifiers.equal import equal_answers

VALUES = ("math",)
"""Kinds whose right answers are all equal to the reference, and so to each other."""


def votes(samples: Sequence[Sample]) -> list[Vote]:
    """One vote per sample of a problem: for a candidate, named by one of its answers, and whether it is right.

    An answer that is right and one that is not are never one candidate, whatever they look like.
    """
    names: dict[tuple[str, str, bool], str] = {}
    for kind, correct in {(sample.verdict.verifier, sample.verdict.correct) for sample in samples}:
        answers = list(dict.fromkeys(_answers(samples, kind, correct)))
        groups = [0] * len(answers) if correct and kind in VALUES else equal_answers(kind, answers)
        for answer, group in zip(answers, groups, strict=True):
            names[kind, answer, correct] = f"{answers[group]}\n{correct}"
    return [_vote(sample, names) for sample in samples]


def _answers(samples: Sequence[Sample], kind: str, correct: bool) -> list[str]:
    verdicts = (sample.verdict for sample in samples)
    return [
        verdict.answer
        for verdict in verdicts
        if verdict.answer is not None and (verdict.verifier, verdict.correct) == (kind, correct)
    ]


def _vote(sample: Sample, names: dict[tuple[str, str, bool], str]) -> Vote:
    verdict = sample.verdict
    if verdict.answer is None:
        return None, verdict.correct
    return names[verdict.verifier, verdict.answer, verdict.correct], verdict.correct

"""The figures that a score holds, by the names that papers give them."""

import re
from collections.abc import Mapping

from evals.types import Figure, Score
from verifiers.intervals import Z95, wilson_interval

AVERAGE = "avg@k"
"""The metric of scores that publish `Score.accuracy`."""

_AVERAGES = re.compile(r"em|accuracy|promptstrict|pass1|avg(?:\d+|k)")
_MAJORITY = re.compile(r"(?:maj|cons)(\d+)")


def headline(score: Score) -> Figure:
    """The figure that the score's protocol publishes: avg@k, or the measure that `Score.metric` names."""
    if score.metric in score.measures:
        return score.measures[score.metric]
    return Figure(score.accuracy.value, score.accuracy.low, score.accuracy.high)


def other_figures(score: Score) -> Mapping[str, Figure]:
    """What a score holds beside its headline: avg@k if that is not it, the measures, and maj@k of the largest k."""
    figures = {} if score.metric not in score.measures else {AVERAGE: _average(score)}
    figures |= {name: measure for name, measure in score.measures.items() if name != score.metric}
    if score.maj_at_k:
        k = max(score.maj_at_k, key=int)
        figures[f"maj@{k}"] = _majority(score, k)
    return figures


def figure_named(score: Score, metric: str) -> tuple[str, Figure] | None:
    """The figure of a score that a published `metric` names, with its name here; None if the score has none.

    `pass@1`, `EM` and the like are what the score's protocol publishes, `maj@64` and `cons@64` the most frequent
    of 64 answers, anything else the measure of that name, or one whose name says more (`percentile (CodeElo list)`).
    """
    name = plain(metric)
    if majority := _MAJORITY.fullmatch(name):
        k = majority[1]
        return (f"maj@{k}", _majority(score, k)) if k in score.maj_at_k else None
    if measure := _measure(score, name):
        return measure, score.measures[measure]
    if _AVERAGES.fullmatch(name):
        return (
            score.metric if score.metric in score.measures else f"avg@{score.samples_per_problem}"
        ), headline(score)
    return None


def plain(name: str) -> str:
    """A name's letters and digits, in lower case: `MATH-500` and `math_500` are the same."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _measure(score: Score, name: str) -> str | None:
    """The measure of a plain name: the very one, else the headline or the first that begins so."""
    names = {measure: plain(measure) for measure in score.measures}
    exact = [measure for measure, known in names.items() if known == name]
    longer = [measure for measure, known in names.items() if name and known.startswith(name)]
    longer.sort(key=lambda measure: measure != score.metric)
    return next(iter([*exact, *longer]), None)


def _average(score: Score) -> Figure:
    return Figure(score.accuracy.value, score.accuracy.low, score.accuracy.high)


def _majority(score: Score, k: str) -> Figure:
    """Wilson's interval: problems vote right or wrong; averaging several votes of one only narrows it."""
    value = score.maj_at_k[k]
    return Figure(value, *wilson_interval(value, score.problems, Z95))

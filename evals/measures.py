"""Figures beside avg@k that published protocols report, each with a 95 % interval clustered by problem."""

import math
from collections.abc import Callable, Sequence

from evals.metrics import mean, problem_means
from evals.score import outcomes_by_problem
from evals.types import Figure, Measure, Problem, Sample

Z95 = 1.959964
"""The normal distribution's two-sided 95 % quantile."""


def macro_average(tag: str) -> Measure:
    """The mean over the values of a tag (subjects, languages, ...) of their accuracies, each weighing the same."""

    def measure(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
        groups: dict[str, list[Sample]] = {}
        for sample in samples:
            groups.setdefault(sample.tags[tag], []).append(sample)
        means = [problem_means(list(outcomes_by_problem(group).values())) for group in groups.values()]
        value = mean([mean(group) for group in means])
        # Groups with one problem say nothing of their spread: theirs is that of a share near the value.
        variance = sum(_variance_of_mean(group, value) for group in means) / len(means) ** 2
        return _interval(value, math.sqrt(variance))

    return measure


def ratio(numerator: Callable[[Problem, Sample], float], denominator: Callable[[Problem], float]) -> Measure:
    """Σ numerator ÷ Σ denominator over all samples: a share of parts, where problems have several.

    The interval linearises the ratio over problems (Cochran 1977, chapter 6), so that neither the parts of a
    problem nor its samples count as independent.
    """

    def measure(problems: Sequence[Problem], samples: Sequence[Sample]) -> Figure:
        known = {problem.id: problem for problem in problems}
        above: dict[str, float] = dict.fromkeys(known, 0.0)
        below: dict[str, float] = dict.fromkeys(known, 0.0)
        for sample in samples:
            problem = known[sample.problem_id]
            above[problem.id] += numerator(problem, sample)
            below[problem.id] += denominator(problem)
        total, count = sum(below.values()), len(known)
        value = sum(above.values()) / total
        if count < 2:
            return Figure(value, 0.0, 1.0)
        spread = sum((above[name] - value * below[name]) ** 2 for name in known)
        return _interval(value, math.sqrt(count / (count - 1) * spread) / total)

    return measure


def _variance_of_mean(values: Sequence[float], pooled: float) -> float:
    if len(values) < 2:
        return pooled * (1 - pooled)
    middle = mean(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1) / len(values)


def _interval(value: float, error: float) -> Figure:
    return Figure(value, max(0.0, value - Z95 * error), min(1.0, value + Z95 * error))

"""Figures beside avg@k that published protocols report, each with a 95 % interval clustered by problem."""

from collections.abc import Callable, Sequence

from scipy.special import stdtrit

from evals.metrics import mean, problem_means
from evals.score import outcomes_by_problem
from evals.types import Figure, Measure, Problem, Sample
from verifiers.intervals import Z95, wilson_interval


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
        degrees = sum(len(group) - (len(group) > 1) for group in means)
        return _interval(value, variance, degrees, len(means) ** 2 / sum(1 / len(group) for group in means))

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
        spread = sum((above[name] - value * below[name]) ** 2 for name in known)
        variance = count / max(1, count - 1) * spread / total**2
        return _interval(value, variance, count - 1, total**2 / sum(parts**2 for parts in below.values()))

    return measure


def _variance_of_mean(values: Sequence[float], pooled: float) -> float:
    if len(values) < 2:
        return pooled * (1 - pooled)
    middle = mean(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1) / len(values)


def _interval(value: float, variance: float, degrees: int, problems: float) -> Figure:
    """Wilson's interval with Student's t, as `evals.metrics.mean_interval` has it: it keeps its coverage at the ends.

    Where the outcomes show no spread it is that of `problems`, those of equal weight that say as much (Kish 1965).
    """
    if variance < _ROUNDING:
        return Figure(value, *wilson_interval(value, problems, Z95))
    effective = value * (1 - value) / variance
    return Figure(value, *wilson_interval(value, effective, float(stdtrit(degrees, 0.975))))


_ROUNDING = 1e-20
"""Of a variance that is 0."""

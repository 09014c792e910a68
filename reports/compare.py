"""Two checkpoints side by side: paired by problem where their samples allow it."""

from dataclasses import dataclass

from evals.metrics import mean, paired_test, unpaired_difference
from evals.types import Interval, Score
from reports.run import Run, mean_half_width


@dataclass(frozen=True, slots=True)
class Difference:
    """Second − first in accuracy and mean response tokens, with 95 % intervals.

    `p_value` is that of the two-sided sign-flip test over problems; None where the samples were not kept, and
    then the interval of tokens is None too, and that of accuracy takes the two scores for independent.
    """

    accuracy: Interval
    tokens: Interval | None
    tokens_value: float
    p_value: float | None


def difference(run: Run, first: Score, second: Score) -> Difference:
    """Compare two scores of one benchmark."""
    a, b = run.results(first), run.results(second)
    paired = a is not None and b is not None and a.by_problem.keys() == b.by_problem.keys()
    if a is None or b is None or not paired or len(a.by_problem) < 2:
        change = second.response_tokens_mean - first.response_tokens_mean
        return Difference(unpaired_difference(first.accuracy, second.accuracy), None, change, None)
    test = paired_test(a.accuracies, b.accuracies)
    gaps = [y - x for x, y in zip(a.tokens, b.tokens, strict=True)]
    value, half = mean(gaps), mean_half_width(gaps)
    return Difference(test.difference, Interval(value, value - half, value + half), value, test.p_value)

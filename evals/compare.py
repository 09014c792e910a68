"""Scores beside scores. Plain data out; see `evals.beside` for published numbers.

Two scores are set against each other only where they measure the same thing; otherwise the result is
`not comparable`, and `because` says why.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from evals.figures import headline, other_figures
from evals.metrics import (
    PairedTest,
    cohens_h,
    paired_test,
    problem_means,
    problems_needed,
    unpaired_difference,
)
from evals.score import outcomes_by_problem
from evals.store import Identity, identity
from evals.types import Figure, Interval, Sample, Score

LEVEL = 0.05
"""Two-sided level at which a difference counts as seen."""

RATING_SCALE = 10_000
"""Above every rating: what makes a share of one."""

_LIMIT = re.compile(r"^the first [\d,]+ of |^[\d,]+ problems in this data, ")
"""The caveats by which `evals.benchmarks.spec` says that not all problems were scored."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One score against another on the same benchmark.

    `difference` is second − first of the figure that the protocol publishes, with its 95 % interval; `others` holds
    those of the figures beside it. `token_ratio` is second ÷ first in mean response tokens. `paired` is there when
    both have samples and avg@k is what is published; the result then follows its test, else whether `difference`
    excludes 0. `effect_size` is Cohen's h, of shares. Where no difference is seen, `problems_needed` says how many
    problems it would take to see one of this size with power 0.8; None if it is 0.
    """

    first: str
    second: str
    benchmark: str
    split: str
    result: Literal["higher", "lower", "no difference seen", "not comparable"]
    because: str = ""
    difference: Interval | None = None
    token_ratio: float | None = None
    paired: PairedTest | None = None
    effect_size: float | None = None
    problems_needed: int | None = None
    others: Mapping[str, Interval] = field(default_factory=dict)


def compare(
    first: Score,
    second: Score,
    first_samples: Sequence[Sample] | None = None,
    second_samples: Sequence[Sample] | None = None,
    *,
    seed: int = 0,
) -> Comparison:
    """Compare two scores; with the samples of both, problem by problem.

    `seed` is of the sign-flip test where it is not exact. Raises `ValueError` when comparable scores come
    with samples of different problems.
    """
    reasons = protocol_differences(first, second)
    if reasons:
        return _not_comparable(first.checkpoint, second, "; ".join(reasons))
    one, other = headline(first), headline(second)
    paired = None
    if first_samples is not None and second_samples is not None and first.metric not in first.measures:
        paired = _paired(first_samples, second_samples, seed)
    difference = paired.difference if paired else _difference(one, other)
    seen = paired.p_value < LEVEL if paired else difference.low > 0 or difference.high < 0
    direction: Literal["higher", "lower"] = "higher" if difference.value > 0 else "lower"
    shares = one.unit == "share"
    return Comparison(
        first=first.checkpoint,
        second=second.checkpoint,
        benchmark=second.benchmark,
        split=second.split,
        result=direction if seen else "no difference seen",
        difference=difference,
        token_ratio=_ratio(second.response_tokens_mean, first.response_tokens_mean),
        paired=paired,
        effect_size=cohens_h(one.value, other.value) if shares else None,
        problems_needed=None if seen or not shares else _needed(difference.value, one.value, paired),
        others=_others(first, second),
    )


def side_by_side(
    scores: Sequence[Score],
    *,
    baseline: str,
    samples: Mapping[Identity, Sequence[Sample]] | None = None,
    names: Mapping[Identity, str] | None = None,
    seed: int = 0,
) -> list[Comparison]:
    """Every score against the `baseline` checkpoint's on the same benchmark and split, in order.

    `samples` maps `evals.store.identity(score)` to the score's samples, for those that have them. `names` maps it to
    what the score is called, see `repeats`, where that is not its checkpoint's id: `baseline` may be such a name, and
    a repeat of the baseline is compared with it.
    """
    samples = samples or {}

    def name(score: Score) -> str:
        return (names or {}).get(identity(score), score.checkpoint)

    bases = [score for score in scores if baseline in (name(score), score.checkpoint)]
    found = []
    for score in scores:
        if name(score) == baseline:
            continue
        repeated = score.checkpoint == baseline
        base = _base(score, [base for base in bases if name(base) == baseline] if repeated else bases)
        if base is None:
            reason = f"{baseline} has no score on {score.benchmark} ({score.split})"
            comparison = _not_comparable(baseline, score, reason)
        else:
            pair = samples.get(identity(base)), samples.get(identity(score))
            comparison = replace(compare(base, score, *pair, seed=seed), first=name(base))
        found.append(replace(comparison, second=name(score)))
    return found


def repeats(scores: Sequence[Score]) -> dict[Identity, str]:
    """Names for the scores of one checkpoint that measure the same in the same way once more, by their identity.

    Such a score differs from the first of its kind in its seed, its data or its engine, and its name says in which:
    `sft (seed 1)`, `sft (data 5f0a12c4d7e9)`. Scores that need no name of their own are left out.
    """
    firsts: dict[tuple[object, ...], Score] = {}
    names = {}
    for score in scores:
        way = (score.checkpoint, score.benchmark, score.protocol, score.split, score.sampling)
        first = firsts.setdefault((*way, score.samples_per_problem), score)
        pairs: list[tuple[str, object, object]] = [
            ("seed", first.seed, score.seed),
            ("data", _short(first.data_digest), _short(score.data_digest)),
            ("engine", first.engine, score.engine),
        ]
        differing = [
            f"{what} {'unknown' if own == '' else own}" for what, other, own in pairs if own != other
        ]
        if differing:
            names[identity(score)] = f"{score.checkpoint} ({', '.join(differing)})"
    return names


def protocol_differences(first: Score, second: Score) -> list[str]:
    """Why two scores do not measure the same thing, a clause each; empty if they do.

    Seeds and samples per problem may differ: neither changes what avg@k estimates.
    """
    pairs: list[tuple[str, object, object]] = [
        ("benchmark", first.benchmark, second.benchmark),
        ("benchmark version", first.benchmark_version, second.benchmark_version),
        ("protocol", first.protocol or "none", second.protocol or "none"),
        ("metric", first.metric, second.metric),
        ("split", first.split, second.split),
        ("choice of problems", _chosen(first), _chosen(second)),
        ("data digest", _short(first.data_digest), _short(second.data_digest)),
        ("token limit", first.sampling.max_tokens, second.sampling.max_tokens),
        ("temperature", first.sampling.temperature, second.sampling.temperature),
        ("top_p", first.sampling.top_p, second.sampling.top_p),
        ("top_k", first.sampling.top_k, second.sampling.top_k),
    ]
    return [f"the {name} differs ({one} and {other})" for name, one, other in pairs if one != other]


def limits(score: Score) -> list[str]:
    """The caveats that say that other problems were scored than the benchmark has."""
    return [caveat for caveat in score.caveats if _LIMIT.match(caveat)]


def _chosen(score: Score) -> str:
    return ", ".join(limits(score)) or "all"


def _short(digest: str) -> str:
    """Enough of a digest to tell two apart."""
    return digest.removeprefix("sha256:")[:12]


def _paired(first: Sequence[Sample], second: Sequence[Sample], seed: int) -> PairedTest:
    one, other = outcomes_by_problem(first), outcomes_by_problem(second)
    if one.keys() != other.keys():
        raise ValueError("The two sets of samples are not of the same problems.")
    ids = list(one)
    means = [problem_means([table[problem] for problem in ids]) for table in (one, other)]
    return paired_test(means[0], means[1], seed=seed)


def _difference(first: Figure, second: Figure) -> Interval:
    """Second − first of two independent figures; a rating goes as a share of the scale."""
    if first.unit == "share":
        return unpaired_difference(first, second)
    one, other = (
        Interval(*(end / RATING_SCALE for end in (figure.value, figure.low, figure.high)))
        for figure in (first, second)
    )
    found = unpaired_difference(one, other)
    return Interval(*(RATING_SCALE * end for end in (found.value, found.low, found.high)))


def _others(first: Score, second: Score) -> dict[str, Interval]:
    one, other = other_figures(first), other_figures(second)
    return {
        name: _difference(one[name], other[name])
        for name in one
        if name in other and one[name].unit == other[name].unit
    }


def _needed(difference: float, accuracy: float, paired: PairedTest | None) -> int | None:
    if difference == 0:
        return None
    return problems_needed(difference, accuracy=accuracy, deviation=paired.deviation if paired else None)


def _base(score: Score, bases: Sequence[Score]) -> Score | None:
    """The baseline's score for `score`: a comparable one if there is one, else one on the same benchmark."""
    same = [base for base in bases if (base.benchmark, base.split) == (score.benchmark, score.split)]
    comparable = [base for base in same if not protocol_differences(base, score)]
    same_seed = [base for base in comparable if base.seed == score.seed]
    return next(iter([*same_seed, *comparable, *same]), None)


def _not_comparable(first: str, second: Score, because: str) -> Comparison:
    return Comparison(
        first, second.checkpoint, second.benchmark, second.split, "not comparable", because=because
    )


def _ratio(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None

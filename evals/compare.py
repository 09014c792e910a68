"""Scores beside scores, and beside published numbers. Plain data out.

Two numbers are set against each other only where they measure the same thing; otherwise the result is
`not comparable`, and `because` says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.metrics import PairedTest, paired_test, problem_means, unpaired_difference
from evals.published import Published, published
from evals.score import outcomes_by_problem
from evals.store import Identity, identity
from evals.types import Interval, Sample, Score

CUT_SHARE = 0.01
"""With more responses than this cut at the token limit, the limit is part of what is measured."""

LEVEL = 0.05
"""Two-sided level at which a difference counts as seen."""


# --- Score against score ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """One score against another on the same benchmark.

    `difference` is second − first in accuracy with its 95 % interval, `token_ratio` second ÷ first in mean
    response tokens. `paired` is there when both have samples; the result then follows its test, else whether
    `difference` excludes 0.
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
    paired = None
    if first_samples is not None and second_samples is not None:
        paired = _paired(first_samples, second_samples, seed)
    difference = paired.difference if paired else unpaired_difference(first.accuracy, second.accuracy)
    seen = paired.p_value < LEVEL if paired else difference.low > 0 or difference.high < 0
    direction: Literal["higher", "lower"] = "higher" if difference.value > 0 else "lower"
    return Comparison(
        first=first.checkpoint,
        second=second.checkpoint,
        benchmark=second.benchmark,
        split=second.split,
        result=direction if seen else "no difference seen",
        difference=difference,
        token_ratio=_ratio(second.response_tokens_mean, first.response_tokens_mean),
        paired=paired,
    )


def side_by_side(
    scores: Sequence[Score],
    *,
    baseline: str,
    samples: Mapping[Identity, Sequence[Sample]] | None = None,
    seed: int = 0,
) -> list[Comparison]:
    """Every score against the `baseline` checkpoint's on the same benchmark and split, in order.

    `samples` maps `evals.store.identity(score)` to the score's samples, for those that have them.
    """
    samples = samples or {}
    bases = [score for score in scores if score.checkpoint == baseline]
    found = []
    for score in scores:
        if score.checkpoint == baseline:
            continue
        base = _base(score, bases)
        if base is None:
            reason = f"{baseline} has no score on {score.benchmark} ({score.split})"
            found.append(_not_comparable(baseline, score, reason))
        else:
            pair = samples.get(identity(base)), samples.get(identity(score))
            found.append(compare(base, score, *pair, seed=seed))
    return found


def protocol_differences(first: Score, second: Score) -> list[str]:
    """Why two scores do not measure the same thing; empty if they do.

    Seeds and samples per problem may differ: neither changes what avg@k estimates.
    """
    pairs: list[tuple[str, object, object]] = [
        ("benchmark", first.benchmark, second.benchmark),
        ("benchmark version", first.benchmark_version, second.benchmark_version),
        ("split", first.split, second.split),
        ("data digest", first.data_digest, second.data_digest),
        ("token limit", first.sampling.max_tokens, second.sampling.max_tokens),
        ("temperature", first.sampling.temperature, second.sampling.temperature),
        ("top_p", first.sampling.top_p, second.sampling.top_p),
        ("top_k", first.sampling.top_k, second.sampling.top_k),
    ]
    return [f"the {name} differs ({one} and {other})" for name, one, other in pairs if one != other]


def _paired(first: Sequence[Sample], second: Sequence[Sample], seed: int) -> PairedTest:
    one, other = outcomes_by_problem(first), outcomes_by_problem(second)
    if one.keys() != other.keys():
        raise ValueError("The two sets of samples are not of the same problems.")
    ids = list(one)
    means = [problem_means([table[problem] for problem in ids]) for table in (one, other)]
    return paired_test(means[0], means[1], seed=seed)


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


# --- Score against published number -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BesidePublished:
    """A score beside a published number.

    `within` says that the published number lies in the score's 95 % interval; `above` and `below` say on
    which side of the published number the whole interval lies. The published number counts as exact, since
    the report gives no interval.
    """

    checkpoint: str
    measured: Interval
    published: Published
    result: Literal["within", "above", "below", "not comparable"]
    because: str = ""

    @property
    def text(self) -> str:
        """The result in words, with the reason if there is one."""
        return f"{self.result}, because {self.because}" if self.because else self.result


def beside_published(score: Score, number: Published) -> BesidePublished:
    """Set a score beside one published number."""
    reasons = _published_differences(score, number)
    if reasons or number.percent is None:
        because = "; ".join(reasons or ["the report gives no number"])
        return BesidePublished(score.checkpoint, score.accuracy, number, "not comparable", because)
    target = number.percent / 100
    result: Literal["within", "above", "below"] = "within"
    if score.accuracy.low > target:
        result = "above"
    elif score.accuracy.high < target:
        result = "below"
    return BesidePublished(score.checkpoint, score.accuracy, number, result)


def beside_all_published(score: Score, model: str | None = None) -> list[BesidePublished]:
    """A score beside every published number on its benchmark (of one `model`, such as `Kimi k1.5`)."""
    return [
        beside_published(score, number)
        for number in published()
        if same_benchmark(score.benchmark, number.benchmark) and model in (None, number.model)
    ]


def same_benchmark(one: str, other: str) -> bool:
    """Whether two names are of the same benchmark: `math500`, `MATH-500` and `math_500` are."""
    return _plain(one) == _plain(other)


def _published_differences(score: Score, number: Published) -> list[str]:
    cut, limit = score.finish_shares.get("length", 0.0), score.sampling.max_tokens
    reasons = {
        f"the number is for {number.benchmark}, the score for {score.benchmark}": not same_benchmark(
            score.benchmark, number.benchmark
        ),
        f"the number is a {number.metric}, the score an accuracy": number.metric == "percentile",
        f"the score is on the {score.split} split": score.split != "test",
        f"the number is on {number.problems} problems, the score on {score.problems}": number.problems
        not in (None, score.problems),
        "the data digest differs": number.data_digest not in (None, score.data_digest),
        f"the token limit differs ({number.max_tokens} and {limit})": number.max_tokens not in (None, limit),
        f"{cut:.1%} of the responses were cut at {limit} tokens and the report states no limit": (
            number.max_tokens is None and cut > CUT_SHARE
        ),
    }
    return [reason for reason, applies in reasons.items() if applies]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())

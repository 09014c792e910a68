"""A score beside published numbers: within, above or below, or not comparable and why. Plain data out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.compare import limits
from evals.figures import figure_named, headline, plain
from evals.published import Published, published_numbers
from evals.types import Figure, Score

CUT_SHARE = 0.01
"""With more responses than this cut at the token limit, the limit is part of what is measured."""

FAMILIES = {
    "livecodebenchv4": "livecodebench",
    "livecodebenchv5": "livecodebench",
    "mathvistatest": "mathvista",
    "mmmuval": "mmmu",
    "mathvisionfull": "mathvision",
    "math": "math500",
}
"""Published names that stand for a benchmark here, or for one that it is a part of, without punctuation."""

SHOTS = {"zero": "0", "one": "1", "three": "3", "four": "4", "five": "5", "eight": "8"}
"""Numbers of examples that names of protocols spell out."""

_SHOTS = re.compile(r"(\d+|[a-z]+)-shot")


@dataclass(frozen=True, slots=True)
class BesidePublished:
    """A score beside a published number.

    `measured` is the score's figure of the published metric, called `figure` here, or its headline where it has no
    such figure. `within` says that the published number lies in its 95 % interval; `above` and `below` say on
    which side of the published number the whole interval lies. The published number counts as exact, since
    its source gives no interval. What the source does not state is no reason against the comparison, but
    belongs beside it: see `Published.unstated` and `Published.notes`.
    """

    checkpoint: str
    figure: str
    measured: Figure
    published: Published
    result: Literal["within", "above", "below", "not comparable"]
    because: str = ""

    @property
    def text(self) -> str:
        """The result in words, with the reason if there is one."""
        return f"{self.result}, because {self.because}" if self.because else self.result


def beside_published(score: Score, number: Published) -> BesidePublished:
    """Set a score beside one published number."""
    named = figure_named(score, number.metric)
    figure, measured = named or (score.metric, headline(score))
    reasons = published_differences(score, number)
    if reasons or number.value is None:
        because = "; ".join(reasons or ["the source gives no number"])
        return BesidePublished(score.checkpoint, figure, measured, number, "not comparable", because)
    result: Literal["within", "above", "below"] = "within"
    if measured.low > number.value:
        result = "above"
    elif measured.high < number.value:
        result = "below"
    return BesidePublished(score.checkpoint, figure, measured, number, result)


def beside_all_published(score: Score, model: str | None = None) -> list[BesidePublished]:
    """A score beside every published number on its benchmark.

    With a `model`, such as `Kimi k1.5`, beside that model's alone, also where its source gives none.
    """
    return [
        beside_published(score, number)
        for number in published_numbers()
        if same_benchmark(score.benchmark, number.benchmark)
        and (number.value is not None if model is None else number.model == model)
    ]


def same_benchmark(one: str, other: str) -> bool:
    """Whether two names are of one benchmark: `math500` and `MATH-500`, `livecodebench` and `LiveCodeBench v5`.

    Numbers on parts of one (its windows, splits or first problems) still differ by `published_differences`.
    """
    return _family(one) == _family(other)


def published_differences(score: Score, number: Published) -> list[str]:
    """Why a score and a published number do not measure the same thing, a clause each; empty if they do."""
    cut, limit = score.finish_shares.get("length", 0.0), score.sampling.max_tokens
    reasons = {
        f"the number is for {number.benchmark}, the score for {score.benchmark}": not same_benchmark(
            score.benchmark, number.benchmark
        ),
        f"the number's metric is {number.metric}, which the score does not have": (
            figure_named(score, number.metric) is None
        ),
        f"the score is on the {score.split} split": score.split != "test",
        f"the score is of {', '.join(limits(score))}": bool(limits(score)) and number.problems is None,
        f"the number is on {number.problems:,} problems, the score on {score.problems:,}"
        if number.problems
        else "": number.problems not in (None, score.problems),
        f"the number is by the protocol {number.protocol}, the score by {score.protocol or 'none'}": (
            number.protocol not in ("", score.protocol)
        ),
        f"{number.model}'s {number.metric} is of other rounds, or of users that its source does not name": (
            _family(score.benchmark) == "codeforces"
        ),
        "the data digest differs": number.data_digest not in (None, score.data_digest),
        f"the number is {number.prompting}, the score {prompting(score)}": number.prompting
        not in ("", prompting(score)),
        f"the token limit differs ({number.max_tokens} and {limit})": number.max_tokens not in (None, limit),
        f"{cut:.1%} of the responses were cut at {limit} tokens and the source states no limit": (
            number.max_tokens is None and cut > CUT_SHARE
        ),
    }
    return [
        *(reason for reason, applies in reasons.items() if applies),
        *_window_differs(score, number),
        *_decoding_differs(score, number),
    ]


def prompting(score: Score) -> str:
    """How a score's protocol asks, as its name says: `5-shot` (also for `five-shot`), or else `zero-shot`."""
    shots = _SHOTS.search(score.protocol)
    number = SHOTS.get(shots[1], shots[1]) if shots else "0"
    return "zero-shot" if number == "0" else f"{number}-shot"


def window(score: Score) -> tuple[str, str] | None:
    """First and last contest date of a LiveCodeBench score, by its protocol; None of any other."""
    if _family(score.benchmark) != "livecodebench":
        return None
    from evals.benchmarks.livecodebench import WINDOWS  # with every benchmark, which only this needs

    return WINDOWS.get(score.protocol)


def window_text(dates: tuple[str, str] | None) -> str:
    """A window as `2024-08…2024-11`, with days where it does not end with a month."""
    if dates is None:
        return "contests of dates not stated"
    first, last = dates
    if first <= "1" and last >= "9":
        return "contests of all dates"
    whole = first.endswith("-01") and last[-2:] in ("28", "29", "30", "31")
    return f"contests of {first[:7]}…{last[:7]}" if whole else f"contests of {first}…{last}"


def _window_differs(score: Score, number: Published) -> Sequence[str]:
    if _family(score.benchmark) != "livecodebench" or window(score) == number.window:
        return ()
    return (f"the number is of {window_text(number.window)}, the score of {window_text(window(score))}",)


def _decoding_differs(score: Score, number: Published) -> Sequence[str]:
    """Differences in what the source states; without temperature, what is cut of the distribution is no matter."""
    drawn = score.sampling
    pairs: list[tuple[str, float | None, float]] = [("temperature", number.temperature, drawn.temperature)]
    if number.temperature != 0 or drawn.temperature != 0:
        pairs += [("top_p", number.top_p, drawn.top_p), ("top_k", number.top_k, drawn.top_k)]
    return [
        f"the {name} differs ({theirs:g} and {ours:g})"
        for name, theirs, ours in pairs
        if theirs is not None and theirs != ours
    ]


def _family(name: str) -> str:
    return FAMILIES.get(plain(name), plain(name))

"""The types that evaluation passes around. One definition each, frozen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from verifiers import Verdict

FinishReason = Literal["stop", "length", "repeat", "refused"]
"""Why a response ends. `refused`: an endpoint refused the prompt for good, so that there is none."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as its file's bytes; `media_type` is `image/png`, `image/jpeg` or `image/webp`."""

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message; `role` is `system`, `user` or `assistant`. `images` stand before its text."""

    role: str
    content: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One question with what is needed to judge an answer to it.

    `reference` is JSON-able and goes to the verifier named by `verifier`, with `options` for it. `tags` are for
    balance and breakdowns (`family`, `level`, ...). `difficulty` is 1 − pass rate where it was measured (section
    2.1). A response ends, for judging, before the first of the `stop` texts in it.
    """

    id: str
    prompt: tuple[Message, ...]
    reference: Any
    verifier: str
    tags: Mapping[str, str] = field(default_factory=dict)
    difficulty: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """How responses are drawn. `max_tokens` counts response tokens; `top_k` 0 and `top_p` 1 are off."""

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 256


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A named set of problems and the protocol by which it is scored.

    `load` returns the problems; `digest` of those problems is stored with every score. `metric` names what is
    published: `avg@k`, or one of `measures`, which are made of all samples beside it. `protocol` is the way of
    asking and scoring, where a benchmark has several, and `caveats` are what a reader must know of the number.
    """

    name: str
    version: str
    description: str
    load: Callable[[], list[Problem]]
    sampling: Sampling
    samples_per_problem: int
    metric: str = "avg@k"
    source: str = ""
    protocol: str = ""
    caveats: tuple[str, ...] = ()
    measures: "Mapping[str, Measure]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One response to one problem, with its verdict. `seed` regenerates it."""

    problem_id: str
    sample_index: int
    response: str
    response_tokens: int
    finish_reason: FinishReason
    verdict: Verdict
    seed: int
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


Unit = Literal["share", "rating"]
"""What a figure counts: a share lies in [0, 1] and is shown in percent; a rating is on a scale such as Elo's."""


@dataclass(frozen=True, slots=True)
class Figure(Interval):
    """A measure's value with its 95 % interval, and what it counts."""

    unit: Unit = "share"


Measure = Callable[[Sequence[Problem], Sequence[Sample]], Figure]
"""Another figure made of a benchmark's problems and all their samples."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The score of all samples, or of those that share a tag."""

    accuracy: Interval
    problems: int
    samples: int
    response_tokens_mean: float
    truncated_share: float


@dataclass(frozen=True, slots=True)
class Score:
    """One benchmark on one checkpoint: a row of `scores.jsonl`.

    `accuracy` is avg@k, clustered by problem; `pass_at_k` maps k to the unbiased estimate, and `maj_at_k` to that of
    the most frequent answer, where equal answers are one (empty where they are not short enough to be counted, such as
    code). Token figures are of responses. `engine` says what drew the responses and in which precision, and
    `model_digest` stands for all of the model that they follow from: weights, configuration, tokenizer, chat template,
    engine. `verifiers` are the versions of those that judged, by kind. `by_tag` maps `"family=countdown"` to the slice
    with that tag. Shares sum to 1.
    """

    checkpoint: str
    stage: str
    iteration: int | None
    parents: tuple[str, ...]
    weights_digest: str
    benchmark: str
    benchmark_version: str
    data_digest: str
    split: str
    sampling: Sampling
    seed: int
    problems: int
    samples_per_problem: int
    accuracy: Interval
    pass_at_k: Mapping[str, float]
    response_tokens_mean: float
    response_tokens_percentiles: Mapping[str, float]
    status_shares: Mapping[str, float]
    finish_shares: Mapping[str, float]
    by_tag: Mapping[str, Slice]
    metric: str = "avg@k"
    measures: Mapping[str, Figure] = field(default_factory=dict)
    protocol: str = ""
    caveats: tuple[str, ...] = ()
    maj_at_k: Mapping[str, float] = field(default_factory=dict)
    engine: str = ""
    model_digest: str = ""
    verifiers: Mapping[str, str] = field(default_factory=dict)

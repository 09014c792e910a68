"""One published number, with all that its source says of how it was measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Published:
    """One figure of one model on one benchmark.

    `percent` is None where the source gives none, or a `rating` in its place. `metric` is the source's word
    (`pass@1`, `EM`, `cons@64`, `percentile`, ...) and `column` the kind of model in its table. What else a
    number depends on is None, or empty, where the source does not state it: `problems`, `runs` over which it is
    averaged, `max_tokens` of a response, `data_digest`, the decoding settings, `prompting` (`zero-shot`, `5-shot`),
    `window`, the first and last date of a LiveCodeBench contest, and `protocol`, the one of the benchmark here that
    follows what the source describes, where others do not.
    """

    model: str
    benchmark: str
    metric: str
    percent: float | None
    column: str
    source: str
    notes: str = ""
    problems: int | None = None
    runs: int | None = None
    max_tokens: int | None = None
    data_digest: str | None = None
    rating: float | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    prompting: str = ""
    window: tuple[str, str] | None = None
    protocol: str = ""

    def __post_init__(self) -> None:
        if self.percent is not None and not 0 <= self.percent <= 100:
            raise ValueError(f"{self.model} on {self.benchmark}: {self.percent} is no percentage.")
        if self.percent is not None and self.rating is not None:
            raise ValueError(
                f"{self.model} on {self.benchmark}: a number is a percentage or a rating, not both."
            )

    @property
    def value(self) -> float | None:
        """What a score's figure is set against: a share in [0, 1], or a rating."""
        if self.rating is not None:
            return self.rating
        return None if self.percent is None else self.percent / 100

    @property
    def unstated(self) -> tuple[str, ...]:
        """What the source does not state of the measurement."""
        missing = {
            "decoding settings": self.temperature is None,
            "token limit": self.max_tokens is None,
            "number of problems": self.problems is None,
            "number of runs": self.runs is None and not self.metric.startswith(("cons@", "maj@")),
            "prompt": not self.prompting,
        }
        return tuple(name for name, absent in missing.items() if absent)

"""The verdict: what every verifier returns."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Protocol, get_args

Status = Literal["correct", "wrong", "no_answer", "truncated", "timeout", "error"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One response judged against one reference.

    `status` says what happened; `score` is the reward in [0, 1] (1 for `correct`, 0 otherwise unless a
    verifier gives partial credit). `answer` is the text that was taken for the answer, `layer` the step of
    the verifier that decided, `reason` one sentence for a reader. `seconds` is wall time and the only field
    that differs between two calls with the same input. `policy` names the rules of comparison where the
    verifier has any; they are input, so two verdicts may be equal without it.
    """

    status: Status
    score: float
    answer: str | None
    layer: str
    reason: str
    verifier: str
    version: str
    seconds: float = 0.0
    policy: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"Verdict.status is {self.status!r}; it must be one of {', '.join(STATUSES)}.")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"Verdict.score is {self.score}; it must lie in [0, 1].")

    @property
    def correct(self) -> bool:
        """True when the status is `correct`."""
        return self.status == "correct"

    def to_dict(self) -> dict[str, Any]:
        """The fields as a plain dict, for JSON."""
        return asdict(self)


class Verifier(Protocol):
    """A function that judges a response: the `verify` of `verifiers.math`, `verifiers.countdown`, ..."""

    def __call__(self, response: str, reference: Any, **options: Any) -> Verdict:
        """Judge `response`; never raises for bad model output, raises `ValueError` for a caller's mistake."""
        ...

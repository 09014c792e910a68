"""What every verifier needs to build its verdicts: its name, its version and the clock."""

from dataclasses import dataclass
from time import perf_counter

from verifiers.extract import Extraction
from verifiers.verdict import Status, Verdict

LONGEST_ANSWER = 2_000
"""Characters of an answer that a verdict keeps; a longer one is cut and ends in `…`."""


def clip(text: str, limit: int = LONGEST_ANSWER) -> str:
    """`text`, cut to `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def quote(text: str, limit: int = 60) -> str:
    """`text` in quotes for a reason, on one line and cut to `limit` characters."""
    return repr(clip(text, limit))


@dataclass(frozen=True, slots=True)
class Identity:
    """A verifier's name and version; makes its verdicts. `started` is a `perf_counter` reading (seconds)."""

    verifier: str
    version: str

    def verdict(self, status: Status, answer: str | None, layer: str, reason: str, started: float) -> Verdict:
        """A verdict that scores 1 when `correct` and 0 otherwise."""
        if answer is not None and len(answer) > LONGEST_ANSWER:
            answer = clip(answer)
        score = 1.0 if status == "correct" else 0.0
        return Verdict(
            status, score, answer, layer, reason, self.verifier, self.version, perf_counter() - started
        )

    def missing(self, found: Extraction, finish_reason: str | None, started: float) -> Verdict:
        """The verdict on a response without an answer: `truncated` if it was cut before one.

        It was cut if its length limit ended it, or, where nobody says what did, if its thinking is not closed.
        """
        if finish_reason == "length":
            reason = f"The response was cut at its length limit before an answer: {found.reason}"
            return self.verdict("truncated", None, "extract", reason, started)
        if found.in_thought and finish_reason is None:
            return self.verdict("truncated", None, "extract", found.reason, started)
        return self.verdict("no_answer", None, "extract", found.reason, started)


def check_response(response: object) -> None:
    """Raise `ValueError` if `response` is not text: that is a caller's mistake, not a wrong answer."""
    if not isinstance(response, str):
        raise ValueError(f"The response must be a string, not {type(response).__name__}.")

"""Count verdicts: by status, by deciding layer, and against labels."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from verifiers.identity import quote
from verifiers.intervals import Z95, wilson_interval
from verifiers.verdict import STATUSES, Verdict

UNDECIDED = ("timeout", "error")
"""Statuses of verdicts that say nothing about the answer."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A verdict that differs from the row's label."""

    line: int
    label: bool
    status: str
    answer: str | None
    reference: Any
    reason: str


@dataclass(slots=True)
class Summary:
    """Counts of verdicts; `disagreements` holds the first `shown` of them.

    A false accept is an answer found correct whose label is false; a false reject one found wrong or missing
    whose label is true. Of a verdict with status `timeout` or `error` nothing is known: it is undecided.
    """

    shown: int = 20
    statuses: Counter[str] = field(default_factory=Counter)
    layers: Counter[str] = field(default_factory=Counter)
    agreed: int = 0
    false_accepts: int = 0
    false_rejects: int = 0
    undecided: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    first_error: tuple[int, str] | None = None

    def add(self, line: int, label: bool | None, reference: Any, verdict: Verdict) -> None:
        """Count the verdict on the row at `line`, whose label is None where it has none."""
        self.statuses[verdict.status] += 1
        self.layers[verdict.layer] += 1
        if verdict.status == "error" and self.first_error is None:
            self.first_error = line, verdict.reason
        if label is None:
            return
        if verdict.status in UNDECIDED:
            self.undecided += 1
        elif verdict.correct == label:
            self.agreed += 1
            return
        elif verdict.correct:
            self.false_accepts += 1
        else:
            self.false_rejects += 1
        if len(self.disagreements) < self.shown:
            about = line, label, verdict.status, verdict.answer, reference, verdict.reason
            self.disagreements.append(Disagreement(*about))

    @property
    def total(self) -> int:
        """How many verdicts were counted."""
        return sum(self.statuses.values())

    @property
    def labelled(self) -> int:
        """How many of them have a label."""
        return self.agreed + self.disagreed

    @property
    def disagreed(self) -> int:
        """How many of them differ from their label."""
        return self.false_accepts + self.false_rejects + self.undecided

    def to_dict(self) -> dict[str, Any]:
        """The counts for JSON. `accuracy` is None without a verdict, `labels` without a label."""
        correct = self.statuses["correct"]
        return {
            "total": self.total,
            "statuses": {status: self.statuses[status] for status in STATUSES if self.statuses[status]},
            "layers": dict(self.layers.most_common()),
            "accuracy": correct / self.total if self.total else None,
            "accuracy_95": list(wilson(correct, self.total)) if self.total else None,
            "labels": self._labels() if self.labelled else None,
            "first_error": dict(zip(("line", "reason"), self.first_error, strict=True))
            if self.first_error
            else None,
        }

    def _labels(self) -> dict[str, Any]:
        return {
            "total": self.labelled,
            "agreed": self.agreed,
            "agreement": self.agreed / self.labelled,
            "false_accepts": self.false_accepts,
            "false_rejects": self.false_rejects,
            "undecided": self.undecided,
            "disagreements": [asdict(one) for one in self.disagreements],
        }

    def text(self) -> str:
        """A few lines for a reader."""
        lines = [f"{status:<12} {self.statuses[status]}" for status in STATUSES if self.statuses[status]]
        lines.append(f"{'total':<12} {self.total}")
        if self.total:
            correct = self.statuses["correct"]
            low, high = wilson(correct, self.total)
            lines.append(
                f"{'accuracy':<12} {correct / self.total:.1%} (95 % interval {low:.1%} to {high:.1%})"
            )
            layers = ", ".join(f"{layer} {count}" for layer, count in self.layers.most_common())
            lines.append(f"{'decided by':<12} {layers}")
        if self.labelled:
            lines += self._label_lines()
        if self.first_error:
            lines.append(f"{'first error':<12} line {self.first_error[0]}: {self.first_error[1]}")
        return "\n".join(lines)

    def _label_lines(self) -> list[str]:
        undecided = f", {self.undecided} undecided" if self.undecided else ""
        lines = [
            f"{'labels':<12} {self.agreed} of {self.labelled} agree ({self.agreed / self.labelled:.1%}), "
            f"{_counted(self.false_accepts, 'false accept')}, {_counted(self.false_rejects, 'false reject')}{undecided}"
        ]
        for one in self.disagreements:
            answer = "no answer" if one.answer is None else quote(one.answer)
            reference = quote(one.reference if isinstance(one.reference, str) else repr(one.reference))
            lines.append(
                f"  line {one.line}: {one.status.replace('_', ' ')}, label {str(one.label).lower()}: "
                f"{answer} for {reference}. {' '.join(one.reason.split())}"
            )
        if (more := self.disagreed - len(self.disagreements)) > 0:
            lines.append(f"  and {more} more")
        return lines


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a proportion of `successes` in `trials`, of which there is at least one."""
    return wilson_interval(successes / trials, trials, Z95)

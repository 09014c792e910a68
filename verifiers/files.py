"""Judge files of answers: JSON lines in, verdicts out, streaming."""

import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from verifiers import KINDS
from verifiers.batch import Item, verify_batch
from verifiers.verdict import STATUSES, Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: the item to judge, its number from 1 and, if given, whether it is correct."""

    line: int
    item: Item
    label: bool | None


@dataclass(slots=True)
class Summary:
    """Counts of what was judged; `disagreements` are the line numbers where the label says otherwise."""

    statuses: Counter[str] = field(default_factory=Counter)
    labelled: int = 0
    disagreements: list[int] = field(default_factory=list)

    def add(self, row: Row, verdict: Verdict) -> None:
        """Count one verdict."""
        self.statuses[verdict.status] += 1
        if row.label is not None:
            self.labelled += 1
            if row.label != verdict.correct:
                self.disagreements.append(row.line)

    def text(self) -> str:
        """A few lines for a reader: counts by status, accuracy, disagreements with the labels."""
        total = sum(self.statuses.values())
        lines = [f"{status:<10} {self.statuses[status]}" for status in STATUSES if self.statuses[status]]
        lines.append(f"{'total':<10} {total}")
        if total:
            lines.append(f"{'accuracy':<10} {self.statuses['correct'] / total:.4f}")
        if self.labelled:
            shown = ", ".join(map(str, self.disagreements[:20])) + (
                " …" if len(self.disagreements) > 20 else ""
            )
            lines.append(
                f"labels     {len(self.disagreements)} of {self.labelled} disagree"
                + (f": line {shown}" if shown else "")
            )
        return "\n".join(lines)


def judge_file(path: Path | str, kind: str | None = None, workers: int = 0) -> Iterator[tuple[Row, Verdict]]:
    """Each row of the JSONL file at `path` with its verdict, in order, streaming.

    A row is an object with `response` and `reference`, and optionally `kind` (it wins over `kind` here),
    `label` (true, false, 1 or 0), `finish_reason` and `options`. Raises `ValueError` naming the line
    of one that is something else, and `OSError` where the file cannot be read.
    """
    rows: deque[Row] = deque()

    def items() -> Iterator[Item]:
        for row in read_rows(path, kind):
            rows.append(row)
            yield row.item

    for verdict in verify_batch(items(), workers):
        yield rows.popleft(), verdict


def read_rows(path: Path | str, kind: str | None = None) -> Iterator[Row]:
    """The rows of the JSONL file at `path`; see `judge_file`."""
    with Path(path).open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _row(line, number, kind)


def _row(line: str, number: int, kind: str | None) -> Row:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Line {number} is not JSON: {error}.") from None
    if not isinstance(fields, dict):
        raise ValueError(f"Line {number} is not a JSON object.")
    for name in ("response", "reference"):
        if name not in fields:
            raise ValueError(f"Line {number} has no `{name}`.")
    if not isinstance(fields["response"], str):
        raise ValueError(f"Line {number}: `response` is not a string.")
    which = fields.get("kind", kind)
    if which not in KINDS:
        raise ValueError(f"Line {number}: the kind is {which!r}; it must be one of {', '.join(KINDS)}.")
    return Row(
        number,
        Item(which, fields["response"], fields["reference"], _options(fields, number)),
        _label(fields, number),
    )


def _options(fields: Mapping[str, Any], number: int) -> dict[str, Any]:
    options = fields.get("options", {})
    if not isinstance(options, dict):
        raise ValueError(f"Line {number}: `options` is not an object.")
    return {**options, "finish_reason": fields["finish_reason"]} if "finish_reason" in fields else options


def _label(fields: Mapping[str, Any], number: int) -> bool | None:
    label = fields.get("label")
    if label is not None and label not in (True, False):
        raise ValueError(f"Line {number}: `label` is {label!r}; it must be true or false.")
    return None if label is None else bool(label)

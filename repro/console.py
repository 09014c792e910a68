"""Progress on the console: bars on a terminal, plain lines elsewhere; wall times go to `timings.jsonl`."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from evals.run import Progress as Evaluated

OTHER_COLUMNS = 58  # width of all that a bar shows but its name
PLAIN_EVERY = 15.0  # seconds between progress lines where there is no terminal

_live: WeakKeyDictionary[Console, Progress] = WeakKeyDictionary()
"""The bars that a console shows now: it can have one live display, however many monitors use it."""


class RateColumn(ProgressColumn):
    """Units per second, and tokens per second of work that counts them."""

    def render(self, task: Task) -> Text:
        """See `ProgressColumn`."""
        tokens, elapsed = task.fields["tokens"], task.elapsed
        return Text(rates(task.speed, task.fields["unit"], tokens / elapsed if tokens and elapsed else None))


def rates(speed: float | None, unit: str, tokens: float | None) -> str:
    """`3.1 samples/s, 1,200 tokens/s` or, where a unit takes long, `20.0 s/iteration`; each where it is known."""
    parts = []
    if speed:
        parts.append(f"{speed:,.1f} {unit}s/s" if speed >= 0.95 else f"{1 / speed:,.1f} s/{unit}")
    if tokens:
        parts.append(f"{tokens:,.0f} tokens/s")
    return ", ".join(parts)


class _View(Protocol):
    """How a task is shown."""

    def advance(self, amount: int) -> None: ...

    def tokens(self, amount: int) -> None: ...


class _Bar:
    """A task as a bar."""

    def __init__(self, bars: Progress, description: str, total: int, unit: str) -> None:
        self._bars = bars
        self._id = bars.add_task(description, total=total, unit=unit, tokens=0)
        self._tokens = 0

    def advance(self, amount: int) -> None:
        self._bars.advance(self._id, amount)

    def tokens(self, amount: int) -> None:
        self._tokens += amount
        self._bars.update(self._id, tokens=self._tokens)

    def remove(self) -> None:
        self._bars.remove_task(self._id)


class _Lines:
    """A task as a line every few seconds."""

    def __init__(self, log: Callable[[str], None], what: str, total: int, unit: str) -> None:
        self._log, self._what, self._total, self._unit = log, what, total, unit
        self._start = self._last = time.monotonic()
        self._done = self._tokens = 0
        self._resumed: int | None = None  # what was done before, told at once, is no part of the rate

    def advance(self, amount: int) -> None:
        self._done += amount
        if self._resumed is None:
            self._resumed, self._start = self._done, time.monotonic()
        self._tell()

    def tokens(self, amount: int) -> None:
        self._tokens += amount
        self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._last < PLAIN_EVERY or self._done >= self._total:
            return
        self._last = now
        seconds = max(now - self._start, 1e-9)
        speed = (self._done - (self._resumed or 0)) / seconds
        parts = [
            f"{self._what}: {self._done}/{self._total} {self._unit}s",
            rates(speed, self._unit, self._tokens / seconds),
        ]
        if speed:
            parts.append(f"about {(self._total - self._done) / speed:,.0f} s left")
        self._log(", ".join(part for part in parts if part))


class RunMonitor:
    """The monitor of one stage (`training.monitor.Monitor`). `timings` None records nothing."""

    def __init__(self, console: Console, stage: str, timings: Path | None) -> None:
        self.console = console
        self.stage = stage
        self.timings = timings
        self._views: list[_View] = []

    def log(self, message: str) -> None:
        """One line for the reader."""
        self.console.print(f"[{self.stage}] {message}", markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def task(self, what: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
        """A progress bar, or a line every few seconds where there is no terminal.

        What is done already is told by a first call at once. Tokens counted by `timed` are shown too.
        """
        with self._view(what, total, unit) as view:
            self._views.append(view)
            try:
                yield view.advance
            finally:
                self._views.remove(view)

    @contextmanager
    def _view(self, what: str, total: int, unit: str) -> Iterator[_View]:
        if not self.console.is_terminal:
            yield _Lines(self.log, what, total, unit)
            return
        with self._bars() as bars:
            bar = _Bar(bars, f"{self.stage}: {what}", total, unit)
            try:
                yield bar
            finally:
                bar.remove()

    @contextmanager
    def _bars(self) -> Iterator[Progress]:
        """The bars of this console, shown until the task that was first to need them ends."""
        if self.console in _live:
            yield _live[self.console]
            return
        names = max(14, self.console.width - OTHER_COLUMNS)
        columns = (
            TextColumn(
                "{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", max_width=names)
            ),
            BarColumn(bar_width=8),
            MofNCompleteColumn(table_column=Column(no_wrap=True)),
            RateColumn(table_column=Column(no_wrap=True, overflow="ellipsis")),
            TimeRemainingColumn(table_column=Column(no_wrap=True)),
        )
        with Progress(*columns, console=self.console, transient=True) as bars:
            _live[self.console] = bars
            try:
                yield bars
            finally:
                del _live[self.console]

    @contextmanager
    def timed(self, what: str) -> Iterator[Callable[[int], None]]:
        """Record the block's wall seconds and tokens."""
        start = time.monotonic()
        tokens = 0

        def count(amount: int) -> None:
            nonlocal tokens
            tokens += amount
            for view in self._views[-1:]:
                view.tokens(amount)

        try:
            yield count
        finally:
            if self.timings is not None:
                row = {
                    "stage": self.stage,
                    "what": what,
                    "seconds": round(time.monotonic() - start, 3),
                    "tokens": tokens or None,
                }
                append_row(self.timings, row)

    @contextmanager
    def requests(self, label: str) -> Iterator[Callable[[int, int], None]]:
        """Show requests that are told as (answered, of how many); the bar comes with the first."""
        with ExitStack() as stack:
            advance: Callable[[int], None] | None = None
            shown = 0

            def report(answered: int, total: int) -> None:
                nonlocal advance, shown
                if advance is None:
                    advance = stack.enter_context(self.task(label, total, "request"))
                advance(answered - shown)
                shown = answered

            yield report

    @contextmanager
    def evaluation(
        self, label: str, total: int, what: str = "score"
    ) -> Iterator[Callable[[Evaluated], None]]:
        """Show and time an evaluation of `total` samples; give the result to `evaluate` as `on_progress`."""
        samples = tokens = 0
        with self.task(label, total, "sample") as advance, self.timed(what) as count:

            def report(now: Evaluated) -> None:
                nonlocal samples, tokens
                advance(now.samples - samples)
                count(now.tokens - tokens)
                samples, tokens = now.samples, now.tokens

            yield report


def append_row(path: Path, row: Mapping[str, Any]) -> None:
    """Append a row of JSON on a line of its own, also behind one that a kill or a full disk has cut."""
    with path.open("ab+") as stream:
        cut = False
        if stream.seek(0, os.SEEK_END):
            stream.seek(-1, os.SEEK_END)
            cut = stream.read(1) != b"\n"
        stream.write(b"\n" * cut + json.dumps(row).encode() + b"\n")

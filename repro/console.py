"""Progress on the console: live bars on a terminal, plain lines elsewhere; wall times go to `timings.jsonl`."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

PLAIN_EVERY = 15.0  # seconds between progress lines where there is no terminal


class RateColumn(ProgressColumn):
    """Units per second."""

    def render(self, task: Task) -> Text:
        """See `ProgressColumn`."""
        unit = task.fields.get("unit", "")
        return Text(f"{task.speed:,.1f} {unit}/s" if task.speed else f"– {unit}/s")


class RunMonitor:
    """The monitor of one stage (`training.monitor.Monitor`). `timings` None records nothing."""

    def __init__(self, console: Console, stage: str, timings: Path | None) -> None:
        self.console = console
        self.stage = stage
        self.timings = timings
        self._bars: Progress | None = None

    def log(self, message: str) -> None:
        """One line for the reader."""
        self.console.print(f"[{self.stage}] {message}", markup=False, highlight=False)

    @contextmanager
    def task(self, what: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
        """A progress bar, or a line every few seconds where there is no terminal."""
        if not self.console.is_terminal:
            yield self._plain(what, total, unit)
        elif self._bars is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), RateColumn(), TimeRemainingColumn())
            with Progress(*columns, console=self.console, transient=True) as bars:
                self._bars = bars
                try:
                    yield self._bar(what, total, unit)
                finally:
                    self._bars = None
        else:
            yield self._bar(what, total, unit)

    def _bar(self, what: str, total: int, unit: str) -> Callable[[int], None]:
        bars = self._bars
        assert bars is not None
        task = bars.add_task(f"{self.stage}: {what}", total=total, unit=unit)

        def advance(amount: int) -> None:
            bars.advance(task, amount)
            if bars.tasks[bars.task_ids.index(task)].finished:
                bars.remove_task(task)

        return advance

    def _plain(self, what: str, total: int, unit: str) -> Callable[[int], None]:
        start = last = time.monotonic()
        done = 0

        def advance(amount: int) -> None:
            nonlocal done, last
            done += amount
            now = time.monotonic()
            if now - last >= PLAIN_EVERY and 0 < done < total:
                last = now
                left = (now - start) / done * (total - done)
                self.log(f"{what}: {done}/{total} {unit}s, {done / (now - start):.1f}/s, about {left:.0f} s left")

        return advance

    @contextmanager
    def timed(self, what: str) -> Iterator[Callable[[int], None]]:
        """Record the block's wall seconds and tokens."""
        start = time.monotonic()
        tokens = 0

        def count(amount: int) -> None:
            nonlocal tokens
            tokens += amount

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
                with self.timings.open("a") as stream:
                    stream.write(json.dumps(row) + "\n")

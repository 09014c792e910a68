"""How long-running work tells of its progress and its time; the run decides where that goes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Count = Callable[[int], None]


class Monitor(Protocol):
    """Shows progress and records wall time and amounts of work."""

    def task(self, what: str, total: int, unit: str) -> AbstractContextManager[Count]:
        """A visible task of `total` units; call the result with how many more are done."""
        ...

    def timed(self, what: str) -> AbstractContextManager[Count]:
        """Record the wall seconds of the block under `what`; call the result with tokens processed."""
        ...

    def log(self, message: str) -> None:
        """One line for the reader."""
        ...


class Silent:
    """A monitor that shows and records nothing."""

    @contextmanager
    def task(self, what: str, total: int, unit: str) -> Iterator[Count]:
        """See `Monitor.task`."""
        yield lambda amount: None

    @contextmanager
    def timed(self, what: str) -> Iterator[Count]:
        """See `Monitor.timed`."""
        yield lambda amount: None

    def log(self, message: str) -> None:
        """See `Monitor.log`."""

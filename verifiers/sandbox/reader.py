"""Read a program's text in a process of its own, which can be stopped.

Before a program runs, something may have to be read out of its text, such as the name of a Java class. A pattern
that takes too long over it would hold the interpreter's lock, and with it every other thread of this process.
"""

import atexit
import functools
import os
from collections.abc import Callable
from typing import TypeVar, cast

from verifiers.process import ChildTimeout, Limits, Pool, serve

T = TypeVar("T")

_LIMITS = Limits(processor=5.0, wall=60.0)


class Unreadable(Exception):
    """The text kept its reader busy for too long."""


def read(function: Callable[[str], T], text: str) -> T:
    """`function(text)`, for a function of a module. Raises `Unreadable`, and `verifiers.process.ChildDied`."""
    try:
        return cast(T, _readers(os.getpid()).ask((function, text), _LIMITS))
    except ChildTimeout:
        raise Unreadable(f"it cannot be read within {_LIMITS.processor:g} s of processor time.") from None


def serve_main() -> None:
    """What the process runs."""
    serve(lambda question: question[0](question[1]))


@functools.cache
def _readers(process: int) -> Pool:
    """The readers of this process; a fork of it gets its own."""
    pool = Pool("verifiers.sandbox.reader", len(os.sched_getaffinity(0)))
    atexit.register(pool.close)
    return pool

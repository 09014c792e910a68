"""Symbolic equivalence in worker processes: the last resort, killable and capped in memory.

A worker counts its own processor time, so a busy machine does not turn a verdict into a time-out; wall time
is bounded too, more loosely.
"""

import contextlib
import os
from functools import cache
from typing import cast

from verifiers.math_parse import Node
from verifiers.math_scalars import Decision
from verifiers.process import ChildDied, ChildTimeout, Pool

WALL_PER_PROCESSOR_SECOND = 60.0
"""The kernel ends a worker by its processor time; wall time guards against one that only waits."""

_POOL_SIZE = 2

Reply = tuple[bool | None, str, str]


class SymbolicTimeout(Exception):
    """The worker ran out of time."""


class SymbolicError(Exception):
    """The worker failed; the message says how."""


def same_value(answer: Node, reference: Node, seconds: float) -> Decision:
    """Compare two trees with sympy, for at most `seconds` of processor time."""
    return _ask(("trees", answer, reference, seconds), seconds)


def same_latex(answer: str, reference: str, seconds: float) -> Decision:
    """Compare two formulas beyond our grammar with Math-Verify, for at most `seconds` of processor time."""
    return _ask(("latex", answer, reference, seconds), seconds)


def warm_up() -> None:
    """Start a worker and let it import sympy (about half a second), so that no first verdict waits for it."""
    _pool(os.getpid()).ask(("nothing", 10.0), 60.0)


def _ask(question: tuple[object, ...], seconds: float) -> Decision:
    try:
        equal, layer, reason = _ask_again(question, seconds * WALL_PER_PROCESSOR_SECOND)
    except ChildTimeout:
        raise SymbolicTimeout(f"The symbolic comparison took over {seconds:g} s.") from None
    except ChildDied as error:
        raise SymbolicError(str(error)) from None
    if layer == "error":
        raise SymbolicError(reason)
    return Decision(equal, layer, reason)


def _ask_again(question: tuple[object, ...], wall: float) -> Reply:
    """A worker that was killed from outside, perhaps while idle, costs another try, not the verdict."""
    pool = _pool(os.getpid())
    for _ in range(_POOL_SIZE):
        with contextlib.suppress(ChildDied):
            return cast(Reply, pool.ask(question, wall))
    return cast(Reply, pool.ask(question, wall))


@cache
def _pool(process: int) -> Pool:
    """The workers of this process; a forked child must not share its parent's."""
    return Pool("verifiers.math_worker", _POOL_SIZE)

"""Symbolic equivalence in worker processes: the last resort, killable and capped in memory.

A worker's processor time is limited, not wall time, so a busy machine does not turn a verdict into a time-out.
"""

import os
from typing import TYPE_CHECKING, cast

from verifiers.math.scalars import Decision
from verifiers.math.tree import Node

if TYPE_CHECKING:  # it costs 10 ms to import, and most processes never need a worker
    from verifiers.process import Limits, Pool

WALL_SECONDS = 300.0
"""The kernel ends a worker by its processor time; wall time guards against one that is stopped."""

_WORKERS = 2
_POOLS: dict[int, "Pool"] = {}  # by process: a forked child must not share its parent's workers

Reply = tuple[bool | None, str, str]


class SymbolicTimeout(Exception):
    """The worker ran out of time."""


class SymbolicError(Exception):
    """The worker failed; the message says how."""


def same_value(answer: Node, reference: Node, seconds: float) -> Decision:
    """Compare two trees with sympy, for at most `seconds` of processor time."""
    return _ask(("trees", answer, reference), seconds)


def same_latex(answer: str, reference: str, seconds: float) -> Decision:
    """Compare two formulas beyond our grammar as LaTeX, for at most `seconds` of processor time."""
    return _ask(("latex", answer, reference), seconds)


def warm_up() -> None:
    """Start a worker and let it import sympy (about half a second), so that no first verdict waits for it."""
    _ask(("nothing",), 10.0)


def _ask(question: tuple[object, ...], seconds: float) -> Decision:
    from verifiers.process import ChildDied, ChildTimeout, Limits

    limits = Limits(seconds, WALL_SECONDS + 60 * seconds)
    try:
        equal, layer, reason = _ask_twice(question, limits)
    except ChildTimeout:
        raise SymbolicTimeout(f"The symbolic comparison took over {seconds:g} s.") from None
    except ChildDied as error:
        raise SymbolicError(str(error)) from None
    if layer == "error":
        raise SymbolicError(reason)
    return Decision(equal, layer, reason)


def _ask_twice(question: tuple[object, ...], limits: "Limits") -> Reply:
    """A worker that is killed from outside costs another try, not the verdict."""
    from verifiers.process import ChildDied

    pool = _pool(os.getpid())
    try:
        return cast(Reply, pool.ask(question, limits))
    except ChildDied:
        return cast(Reply, pool.ask(question, limits))


def _pool(process: int) -> "Pool":
    if process not in _POOLS:
        import atexit

        from verifiers.process import Pool

        # One thread's pool wins, and a pool starts no process before its first question.
        pool = _POOLS.setdefault(process, Pool("verifiers.math.worker", _WORKERS))
        atexit.register(pool.close)
    return _POOLS[process]

"""Judge many answers: in order, streaming, in worker processes that may die without losing an item."""

import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verifiers.verdict import Verdict

if TYPE_CHECKING:
    from verifiers.process import Pool

CHUNK = 16
"""Items sent to a worker at once."""
LOOK_AHEAD = 4
"""Chunks in flight per worker: how far the input is read ahead of the results."""
ITEM_SECONDS = 60.0
"""Wall time a worker has per item before it is killed; a verifier's own limits are far below."""


@dataclass(frozen=True, slots=True)
class Item:
    """One answer to judge: what `verifiers.verify(kind, response, reference, **options)` takes."""

    kind: str
    response: str
    reference: Any
    options: Mapping[str, Any] = field(default_factory=dict)


def verify_batch(items: Iterable[Item], workers: int = 0) -> Iterator[Verdict]:
    """One verdict per item, in the order of `items`, as they become known.

    `workers` 0 or 1 judges in this process; more starts that many processes, which share nothing with this
    one. `items` may be endless: it is read at most `LOOK_AHEAD` chunks per worker ahead. An item that a
    verifier fails on, including a malformed reference, gets a verdict with status `error`; so does one that
    ends its worker twice, or takes over a minute.
    """
    if workers < 0:
        raise ValueError(f"The number of workers is {workers}; it must be 0 or more.")
    if workers <= 1:
        return map(judge, items)
    return _in_processes(items, workers)


def judge(item: Item) -> Verdict:
    """One verdict; a failure of the verifier becomes a verdict with status `error`."""
    from verifiers import verify

    try:
        return verify(item.kind, item.response, item.reference, **item.options)
    except ValueError as error:
        return _error(item.kind, str(error))
    except Exception as error:
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-1]
        return _error(item.kind, f"{type(error).__name__} at {where.filename}:{where.lineno}: {error}")


def serve_main() -> None:
    """What a worker process runs."""
    from verifiers.process import serve

    serve(lambda items: [judge(item) for item in items])


def _error(kind: str, reason: str) -> Verdict:
    return Verdict("error", 0.0, None, "crash", reason, kind, "")


def _in_processes(items: Iterable[Item], workers: int) -> Iterator[Verdict]:
    from concurrent.futures import Future, ThreadPoolExecutor

    from verifiers.process import Pool

    pool = Pool("verifiers.batch", workers)
    # One thread per worker waits for it; the work is done in the worker.
    threads = ThreadPoolExecutor(workers, thread_name_prefix="verifiers")
    waiting: deque[Future[list[Verdict]]] = deque()
    source = iter(items)
    try:
        while True:
            while len(waiting) < workers * LOOK_AHEAD and (chunk := list(itertools.islice(source, CHUNK))):
                waiting.append(threads.submit(_judge_chunk, pool, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        threads.shutdown(wait=True)
        pool.close()


def _judge_chunk(pool: "Pool", chunk: list[Item]) -> list[Verdict]:
    """A chunk's verdicts. A worker that dies takes its chunk along; its items are tried one by one."""
    from verifiers.process import ChildDied, ChildTimeout

    try:
        return _ask(pool, chunk)
    except (ChildDied, ChildTimeout) as error:
        if len(chunk) == 1:
            return [_once_more(pool, chunk[0], str(error))]
        return [verdict for item in chunk for verdict in _judge_chunk(pool, [item])]
    except Exception as error:  # an item that cannot be pickled
        if len(chunk) == 1:
            return [_error(chunk[0].kind, f"{type(error).__name__}: {error}")]
        return [verdict for item in chunk for verdict in _judge_chunk(pool, [item])]


def _once_more(pool: "Pool", item: Item, first: str) -> Verdict:
    from verifiers.process import ChildDied, ChildTimeout

    try:
        return _ask(pool, [item])[0]
    except ChildTimeout:
        return _error(item.kind, f"The worker was killed after {ITEM_SECONDS:.0f} s.")
    except ChildDied as error:
        return _error(item.kind, str(error) or first)


def _ask(pool: "Pool", chunk: list[Item]) -> list[Verdict]:
    answer: list[Verdict] = pool.ask(chunk, ITEM_SECONDS * len(chunk))
    return answer

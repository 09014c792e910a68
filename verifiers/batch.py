"""Judge many answers: in order, streaming, in worker processes that may die without losing an item."""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verifiers.verdict import Verdict

if TYPE_CHECKING:
    from verifiers.process import Limits, Pool

CHUNK = 16
"""Items sent to a worker at once."""
LOOK_AHEAD = 4
"""Chunks in flight per worker: how far the input is read ahead of the results."""
ITEM_PROCESSOR_SECONDS = 10.0
ITEM_WALL_SECONDS = 600.0
"""What a worker may take for one item before it is killed; a verifier's own limits are far below."""
CODE_PROCESSOR_SECONDS = 60.0
CODE_WALL_SECONDS = 24 * 3600.0
"""The same for a program: its worker reads long outputs, and waits for the sandbox, which has limits of its own."""


@dataclass(frozen=True, slots=True)
class Item:
    """One answer to judge: what `verifiers.verify(kind, response, reference, **options)` takes."""

    kind: str
    response: str
    reference: Any
    options: Mapping[str, Any] = field(default_factory=dict)


def verify_batch(items: Iterable[Item], workers: int = 0) -> Iterator[Verdict]:
    """One verdict per item, in the order of `items`, as they become known.

    `workers` 0 judges in this process, where nothing can be stopped; more starts that many processes, which
    share nothing with this one. `items` may be endless: it is read at most `LOOK_AHEAD` chunks per worker ahead.
    An item that a verifier fails on, including a malformed reference, gets a verdict with status `error`; so does
    one that ends its worker twice, or takes over ten seconds of processor time (a program: sixty). An exception
    of `items` itself is raised after the verdicts of what came before it.
    """
    if workers < 0:
        raise ValueError(f"The number of workers is {workers}; it must be 0 or more.")
    if workers == 0:
        return map(judge, items)
    made = Workers(workers)
    return made._judged(items, workers, CHUNK, made.close)


class Workers:
    """At most `most` processes that judge, started when needed and kept from batch to batch. For any thread.

    Not for a fork of the process that made them.
    """

    def __init__(self, most: int) -> None:
        from verifiers.process import Pool

        self._pool = Pool("verifiers.batch", most)

    def verify_batch(self, items: Iterable[Item], workers: int = 1, chunk: int = CHUNK) -> Iterator[Verdict]:
        """As the function of this name, with so many of these processes, each sent `chunk` items at once."""
        return self._judged(items, workers, chunk, lambda: None)

    def close(self) -> None:
        """End the processes, busy ones too, for good; see `verifiers.process.Pool.close`."""
        self._pool.close()

    def _judged(
        self, items: Iterable[Item], workers: int, chunk_size: int, end: Callable[[], None]
    ) -> Iterator[Verdict]:
        """`end` is called once there are no more verdicts, or the caller has seen enough."""
        from concurrent.futures import ThreadPoolExecutor

        # One thread per worker waits for it; the work is done in the worker.
        threads = ThreadPoolExecutor(workers, thread_name_prefix="verifiers")
        try:
            chunks = _Chunks(items, chunk_size)
            waiting: deque[_Coming] = deque()
            while True:
                while len(waiting) < workers * LOOK_AHEAD and (chunk := chunks.next()):
                    waiting.append(_Coming(chunk))
                    threads.submit(waiting[-1].fill, self._pool)
                if not waiting:
                    break
                yield from waiting.popleft().verdicts()
            chunks.raise_what_ended_them()
        finally:
            end()
            threads.shutdown(cancel_futures=True)


def judge(item: Item) -> Verdict:
    """One verdict; a failure of the verifier becomes a verdict with status `error`."""
    from verifiers import verify

    try:
        return verify(item.kind, item.response, item.reference, **item.options)
    except ValueError as error:
        return _error(item.kind, str(error), "reference")
    except Exception as error:
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-1]
        return _error(item.kind, f"{type(error).__name__} at {where.filename}:{where.lineno}: {error}")


def serve_main() -> None:
    """What a worker process runs."""
    from verifiers.process import serve

    serve(lambda question: question if isinstance(question, Verdict) else judge(question))


class _Chunks:
    """The input in chunks; an exception of its own is kept for later."""

    def __init__(self, items: Iterable[Item], size: int) -> None:
        self._items, self._size = iter(items), size
        self._error: Exception | None = None

    def next(self) -> list[Item]:
        """At most `size` items; none at the end."""
        chunk: list[Item] = []
        try:
            while self._error is None and len(chunk) < self._size:
                chunk.append(next(self._items))
        except StopIteration:
            pass
        except Exception as error:
            self._error = error
        return chunk

    def raise_what_ended_them(self) -> None:
        if self._error is not None:
            raise self._error


class _Coming:
    """The verdicts on one chunk, filled by one thread and read by another."""

    def __init__(self, chunk: list[Item]) -> None:
        from queue import SimpleQueue

        self._chunk = chunk
        self._queue: SimpleQueue[Verdict | Exception] = SimpleQueue()

    def fill(self, pool: "Pool") -> None:
        try:
            for verdict in _judge_all(pool, self._chunk):
                self._queue.put(verdict)
        except Exception as error:
            self._queue.put(error)

    def verdicts(self) -> Iterator[Verdict]:
        for _ in self._chunk:
            found = self._queue.get()
            if isinstance(found, Exception):
                raise found
            yield found


def _judge_all(pool: "Pool", chunk: list[Item]) -> Iterator[Verdict]:
    """Each item's verdict. If the worker ends, the item that it was at is dealt with alone."""
    from verifiers.process import ChildDied, ChildTimeout

    questions = [_question(item) for item in chunk]
    place = 0
    while place < len(chunk):
        try:
            for verdict in _ask(pool, questions[place:], _limits(chunk[place:])):
                place += 1
                yield verdict
        except ChildTimeout:
            yield _took_too_long(chunk[place])
            place += 1
        except ChildDied:
            yield _once_more(pool, chunk[place], questions[place])
            place += 1


def _question(item: Item) -> bytes:
    """What is sent for an item: itself, or its verdict if it cannot be pickled."""
    try:
        return pickle.dumps(item)
    except Exception as error:
        return pickle.dumps(_error(item.kind, f"The item cannot be sent to a worker: {error}"))


def _ask(pool: "Pool", questions: list[bytes], limits: "Limits") -> Iterator[Verdict]:
    with pool.child() as child:
        yield from child.ask_each(questions, limits)


def _limits(chunk: list[Item]) -> "Limits":
    """What each item of the chunk may take."""
    from verifiers.process import Limits

    if any(item.kind == "code" for item in chunk):
        return Limits(CODE_PROCESSOR_SECONDS, CODE_WALL_SECONDS)
    return Limits(ITEM_PROCESSOR_SECONDS, ITEM_WALL_SECONDS)


def _once_more(pool: "Pool", item: Item, question: bytes) -> Verdict:
    """A worker may have been killed from outside; one that ends again ended because of the item."""
    from verifiers.process import ChildDied, ChildTimeout

    try:
        return next(_ask(pool, [question], _limits([item])))
    except ChildTimeout:
        return _took_too_long(item)
    except ChildDied as error:
        return _error(item.kind, str(error))


def _took_too_long(item: Item) -> Verdict:
    allowed = _limits([item])
    limits = f"{allowed.processor:g} s of processor time or {allowed.wall:g} s by the clock"
    return _error(item.kind, f"The worker was killed: the item took over {limits}.")


def _error(kind: str, reason: str, layer: str = "crash") -> Verdict:
    """A verdict on an item that could not be judged: for its reference or options, or for what went wrong."""
    import importlib

    from verifiers import KINDS

    version = importlib.import_module(KINDS[kind]).VERSION if kind in KINDS else ""
    return Verdict("error", 0.0, None, layer, reason, kind, version)

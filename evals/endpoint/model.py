"""An OpenAI-compatible endpoint as a model: many requests at a time, at the pace and the cost it is allowed.

HTTP is httpx2's, repeating is tenacity's. OpenAI's own client is not used: it sends what it finds in OPENAI_*
variables to whatever address it is given, and repeats requests behind the back of a rate limit and a count.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from evals.endpoint.pace import Pace
from evals.endpoint.settings import Endpoint
from evals.endpoint.wire import Answer, Failure, read_answer, request_body
from evals.model import Chat, ModelError, Reply
from evals.types import Message, Sampling

if TYPE_CHECKING:
    from ssl import SSLContext

    from httpx2 import AsyncClient
    from tenacity import RetryCallState

LONGEST_BACKOFF = 60.0  # seconds between two tries, where the endpoint does not say
CHARACTERS_PER_TOKEN = 4  # for a first guess at a prompt's tokens

REFUSED = Reply("", 0, "refused")

Prompt = tuple[Message, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked of an endpoint: requests (repeated ones among them), tokens as billed, and dollars.

    `filtered` replies were ended by the endpoint's content filter, and `refused` prompts have no reply at all.
    """

    requests: int = 0
    retries: int = 0
    replies: int = 0
    filtered: int = 0
    refused: int = 0
    prompt_tokens: int = 0
    response_tokens: int = 0
    cost: float = 0.0


class EndpointModel:
    """Replies from an endpoint (`evals.model.Model`); `usage` is what they have taken so far.

    A seed is sent with each chat, but few providers promise the same reply for it. `on_wait` is told in a sentence
    why and how long a request waits before it is repeated. Raises `ValueError` where the key's variable is not set,
    and `ModelError` without the packages that it needs. `clock` and `sleep` are for tests.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        on_wait: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        _require_packages()
        self.endpoint = endpoint
        self.usage = Usage()
        self._key = endpoint.api_key()
        self._on_wait = on_wait
        self._sleep = sleep
        self._requests = Pace(endpoint.requests_per_minute, clock, sleep)
        self._tokens = Pace(endpoint.tokens_per_minute, clock, sleep)
        self._in_turn = Lock()
        self._refused: dict[Prompt, Failure] = {}

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """See `evals.model.Model.reply`. May be called from any thread, with an event loop or without.

        Where a chat fails, no further one is begun, those under way are finished, and `ModelError` is raised: what
        `on_reply` was told is kept, and nothing more is paid for. A prompt that is refused for good, while others are
        not, gets an empty reply that ends with `refused`, unless more are than the endpoint's settings allow.
        """
        with self._in_turn:
            return _run(self._reply_to_all(chats, sampling, on_tokens, on_reply))

    async def _reply_to_all(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None,
        on_reply: Callable[[int, Reply], None] | None,
    ) -> list[Reply]:
        replies: dict[int, Reply] = {}
        refused: list[int] = []
        failures: list[ModelError] = []
        waiting = iter(enumerate(chats))

        def keep(position: int, reply: Reply) -> None:
            replies[position] = reply
            if on_tokens is not None:
                on_tokens(reply.tokens)
            if on_reply is not None:
                on_reply(position, reply)

        async def work(client: "AsyncClient") -> None:
            while not failures and (following := next(waiting, None)) is not None:
                position, chat = following
                try:
                    reply = await self._reply_to(client, chat, sampling)
                except ModelError as failure:
                    failures.append(failure)
                    return
                if reply is None:
                    refused.append(position)
                else:
                    keep(position, reply)
                # Until the endpoint has replied once, it may be that it refuses all requests of this kind.
                while refused and self.usage.replies:
                    keep(refused.pop(), REFUSED)

        try:
            async with self._client() as client, asyncio.TaskGroup() as workers:
                for _ in range(min(self.endpoint.concurrency, len(chats))):
                    workers.create_task(work(client))
        except ExceptionGroup as group:  # of `on_tokens` and `on_reply`
            raise group.exceptions[0] from None
        if refused and not failures:
            failures.append(self._ended(self._refused[chats[refused[0]].prompt], 1))
        if failures:
            raise failures[0]
        return [replies[position] for position in range(len(chats))]

    async def _reply_to(self, client: "AsyncClient", chat: Chat, sampling: Sampling) -> Reply | None:
        """One reply, after as many tries as it takes; None where this prompt is refused for good.

        Raises `ModelError`, and never shows the key.
        """
        import tenacity

        if chat.prompt in self._refused:
            return None
        tries = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(self._may_pass),
            stop=tenacity.stop_after_attempt(1 + self.endpoint.retries),
            wait=_wait(tenacity.wait_exponential_jitter(max=LONGEST_BACKOFF)),
            sleep=self._sleep,
            before_sleep=self._before_retry,
            reraise=True,
        )
        try:
            answer: Answer = await tries(
                self._try, client, request_body(self.endpoint, chat, sampling), sampling
            )
        except Failure as failure:
            if failure.of_prompt and self._may_be_refused(chat.prompt, failure):
                return None
            raise self._ended(failure, tries.statistics["attempt_number"]) from None
        return answer.reply

    def _may_be_refused(self, prompt: Prompt, failure: Failure) -> bool:
        """Whether this prompt is among those that may be refused; it is counted then."""
        if prompt not in self._refused and len(self._refused) >= self.endpoint.max_refused:
            return False
        self._refused[prompt] = failure
        self.usage = replace(self.usage, refused=len(self._refused))
        return True

    def _ended(self, failure: Failure, tries: int) -> ModelError:
        tried = f" (tried {tries} times)" if tries > 1 else ""
        count, most = len(self._refused), self.endpoint.max_refused
        more = (
            f" ({count:,} other prompts were refused; --max-refused allows {most:,})"
            if most <= count > 0
            else ""
        )
        return ModelError(f"{self._without_key(failure)}{tried}{more if failure.of_prompt else ''}.")

    async def _try(self, client: "AsyncClient", body: bytes, sampling: Sampling) -> Answer:
        """One request, when its turn has come."""
        expected = self._expected_tokens(body, sampling)
        await self._tokens.take(expected)
        await self._requests.take()
        used, budget = self.usage, self.endpoint.budget
        if budget is not None and used.cost >= budget:
            raise Failure(
                f"The budget of ${budget:,.2f} is spent (${used.cost:,.2f} for {used.replies:,} replies); "
                "start again to spend as much again"
            )
        self._count(requests=1)
        try:
            answer = await self._exchange(client, body)
        except Failure as failure:
            self._tokens.settle(-expected)
            if failure.wait is not None:  # the others would be refused as well
                self._requests.hold(failure.wait)
            raise
        reply, prompt_tokens = answer.reply, answer.prompt_tokens
        self._tokens.settle(prompt_tokens + reply.tokens - expected)
        self._count(
            replies=1,
            filtered=int(answer.filtered),
            prompt_tokens=prompt_tokens,
            response_tokens=reply.tokens,
            cost=self.endpoint.cost(prompt_tokens, reply.tokens),
        )
        return answer

    async def _exchange(self, client: "AsyncClient", body: bytes) -> Answer:
        import httpx2

        url = self.endpoint.url
        try:
            response = await client.post(url, content=body)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise Failure(f"Nothing answers at {url} ({error})", passing=True, unreachable=True) from None
        except httpx2.TimeoutException:
            seconds = f"{self.endpoint.timeout:g} seconds"
            raise Failure(f"{url} gave no answer within {seconds}", passing=True) from None
        except httpx2.RequestError as error:
            why = str(error) or type(error).__name__
            raise Failure(f"The connection to {url} broke ({why})", passing=True) from None
        return read_answer(self.endpoint, response.status_code, response.headers, response.content)

    def _client(self) -> "AsyncClient":
        import httpx2

        timeout, many = self.endpoint.timeout, self.endpoint.concurrency
        return httpx2.AsyncClient(
            headers={
                "Content-Type": "application/json",
                **({"Authorization": f"Bearer {self._key}"} if self._key else {}),
            },
            verify=_tls(),
            timeout=httpx2.Timeout(timeout, connect=min(timeout, 10.0)),
            limits=httpx2.Limits(max_connections=many, max_keepalive_connections=many),
        )

    def _expected_tokens(self, body: bytes, sampling: Sampling) -> float:
        """As many as the replies so far took, or, before the first, as many as it may take."""
        used = self.usage
        if used.replies:
            return (used.prompt_tokens + used.response_tokens) / used.replies
        return len(body) / CHARACTERS_PER_TOKEN + sampling.max_tokens

    def _may_pass(self, error: BaseException) -> bool:
        """Whether to try again: not at an address at which no endpoint was met yet."""
        return (
            isinstance(error, Failure)
            and error.passing
            and (bool(self.usage.replies) or not error.unreachable)
        )

    def _before_retry(self, state: "RetryCallState") -> None:
        self._count(retries=1)
        if self._on_wait is not None and state.outcome is not None:
            failure = self._without_key(state.outcome.exception())
            self._on_wait(f"{failure}; trying again in {state.upcoming_sleep:.3g} s.")

    def _without_key(self, error: BaseException | None) -> str:
        """What an error says. Some servers repeat the key that they refuse."""
        return str(error).replace(self._key, "***") if self._key else str(error)

    def _count(self, **more: float) -> None:
        self.usage = replace(
            self.usage, **{name: getattr(self.usage, name) + value for name, value in more.items()}
        )


def _wait(backoff: Callable[["RetryCallState"], float]) -> Callable[["RetryCallState"], float]:
    """As long as the endpoint asks for; where it does not (or asks for none), twice as long each time, and jitter."""

    def seconds(state: "RetryCallState") -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.wait if isinstance(failure, Failure) else None
        return asked or backoff(state)

    return seconds


def _require_packages() -> None:
    try:
        import httpx2  # noqa: F401
        import tenacity  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"An endpoint is asked with {error.name}, which is not installed; pip install 'k15-repro[endpoint]'."
        ) from None


@cache
def _tls() -> "SSLContext":
    """The certificates to trust, read once: it takes as long as many a request."""
    import httpx2

    return httpx2.create_ssl_context()


def _run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, in a thread of its own where this one has an event loop already (a notebook, Ray)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()

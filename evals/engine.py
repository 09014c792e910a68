"""What evaluation asks of a text generator. The implementations are in `training.engine`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from evals.types import FinishReason, Message, Sampling


@dataclass(frozen=True, slots=True)
class Request:
    """One response to draw.

    `prompt` are the prompt's token ids and `prefix` the response so far (of an unfinished rollout, section
    2.6; empty for a fresh one). The draw depends on `seed` and the position only, so it is the same whatever
    else is in the batch, and the same whether a response is drawn in one go or in segments. `max_tokens`
    lowers `Sampling.max_tokens` for this request alone (both count the prefix).
    """

    prompt: tuple[int, ...]
    seed: int
    prefix: tuple[int, ...] = ()
    max_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The tokens drawn after `prefix`, their log-probabilities under the sampler, and why they end.

    `finish_reason` is `stop` (the end token, which is included), `length` (the tokens allowed, counted
    with the prefix) or `repeat` (repetition detected, section 2.6). `opening` is the mark of thinking that the prompt
    ends with, for many chat templates open the thought themselves: it belongs in front of the text, which nobody could
    judge without it, and is no token of the response.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish_reason: FinishReason
    opening: str = ""


class Engine(Protocol):
    """Draws responses from one set of weights."""

    def encode(self, prompt: Sequence[Message], prefill: str = "") -> tuple[int, ...]:
        """Token ids of a chat prompt, ready for the assistant's turn (which starts with `prefill`)."""
        ...

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of response tokens, without the end token."""
        ...

    def generate(
        self,
        requests: Sequence[Request],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
    ) -> list[Response]:
        """One response per request, in order. `on_tokens` is told how many tokens were drawn since."""
        ...

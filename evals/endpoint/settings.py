"""What is known of an endpoint before it is asked: where it is, how it may be asked, what it costs."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from evals.files import digest
from verifiers.thinking import THINKING_MARKS, opened_thinking

OURS = ("model", "messages", "n", "stream")
"""Fields of a request that no extra field may change: the answer could not be read then, or would be another's."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible endpoint and one of its models.

    `base_url` is what `/chat/completions` is put behind; `api_key_env` names the environment variable that holds the
    key, where one is needed. At most `concurrency` requests are under way at a time, spread over each minute as
    `requests_per_minute` and `tokens_per_minute` (prompt and response together) allow. Prices are dollars per million
    tokens, and `budget` dollars in all. `extra` are more fields of the request's body, or other values for those
    there are; None leaves a field out, such as a temperature that a reasoning model refuses. `thinking_open` is the
    mark of thinking, such as `<think>`, that the server's chat template opens, so that replies start inside the
    thought; it is put in front of those whose reasoning does not come in a field of its own. A request that fails for a
    passing reason is repeated `retries` times at most, and fails after `timeout` seconds without a byte.

    Raises `ValueError` for what cannot be meant.
    """

    base_url: str
    model: str
    api_key_env: str | None = None
    concurrency: int = 16
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    price_in: float | None = None
    price_out: float | None = None
    budget: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    thinking_open: str = ""
    retries: int = 8
    timeout: float = 600.0

    def __post_init__(self) -> None:
        _check_address(self.base_url)
        if not self.model:
            raise ValueError(f"{self.base_url} serves models by name; say which with --model.")
        if self.concurrency < 1 or self.retries < 0 or self.timeout <= 0:
            raise ValueError(
                "An endpoint needs a concurrency and a timeout above 0, and no fewer than 0 retries."
            )
        for limit in (self.requests_per_minute, self.tokens_per_minute, self.budget):
            if limit is not None and limit <= 0:
                raise ValueError(f"A limit of {limit:g} lets nothing through; give one above 0, or none.")
        if (self.price_in is None) != (self.price_out is None):
            raise ValueError("Give both prices, --price-in and --price-out, or neither.")
        if min(self.price_in or 0, self.price_out or 0) < 0:
            raise ValueError("A price is dollars per million tokens, and not below 0.")
        if self.budget is not None and not (self.price_in or self.price_out):
            raise ValueError("A budget needs prices to count by; give --price-in and --price-out.")
        if self.thinking_open and opened_thinking(self.thinking_open) != self.thinking_open:
            known = ", ".join(opening for opening, _ in THINKING_MARKS)
            raise ValueError(
                f"The mark {self.thinking_open!r} opens no thinking that is known; name one of {known}."
            )
        if taken := [name for name in OURS if name in self.extra]:
            raise ValueError(f"The request's field {taken[0]!r} cannot be given as an extra one.")

    @property
    def url(self) -> str:
        """Where chats are posted to."""
        return f"{self.base_url.rstrip('/')}/chat/completions"

    @property
    def digest(self) -> str:
        """See `endpoint_digest`."""
        return endpoint_digest(self.base_url, self.model, self.extra, self.thinking_open)

    def cost(self, prompt_tokens: int, response_tokens: int) -> float:
        """Dollars, by the prices given; discounts for cached prompts are not known of."""
        millions_in, millions_out = prompt_tokens / 1e6, response_tokens / 1e6
        return millions_in * (self.price_in or 0.0) + millions_out * (self.price_out or 0.0)

    def api_key(self) -> str | None:
        """The key in the environment variable. Raises `ValueError` where it is missing or cannot be sent."""
        if self.api_key_env is None:
            return None
        key = os.environ.get(self.api_key_env, "").strip()
        if not key:
            raise ValueError(
                f"The environment variable {self.api_key_env} is not set; it must hold the API key."
            )
        if not (key.isascii() and key.isprintable()):
            raise ValueError(f"The environment variable {self.api_key_env} holds no API key, but other text.")
        return key


def endpoint_digest(base_url: str, model: str, extra: Mapping[str, Any], thinking_open: str = "") -> str:
    """`endpoint:sha256:...` of these: what stands for the weights, which cannot be seen.

    A provider may put other weights behind the same name, which nobody will notice by this digest: pin a dated model
    name where there is one.
    """
    facts = {"base_url": base_url.rstrip("/"), "model": model, "extra": dict(extra)}
    return f"endpoint:{digest(facts | ({'thinking_open': thinking_open} if thinking_open else {}))}"


def parse_extra(text: str) -> dict[str, Any]:
    """Extra fields of a request's body from a JSON object. Raises `ValueError`."""
    try:
        made = json.loads(text)
    except ValueError as error:
        raise ValueError(f"The extra fields {text!r} are not JSON ({error}).") from None
    if not isinstance(made, dict):
        raise ValueError(f'The extra fields {text!r} are no JSON object, such as {{"top_k": 20}}.')
    return made


def _check_address(base_url: str) -> None:
    try:
        address = urlsplit(base_url)
        usable = address.scheme in ("http", "https") and address.hostname and address.port != 0
    except ValueError:  # of a port or an IPv6 address
        usable = False
    if not usable:
        raise ValueError(f"{base_url!r} is no endpoint; give its base URL, such as https://HOST/v1.")
    if address.username or address.password or address.query or address.fragment:
        # It is stored with every score, and what stands there may be a secret.
        raise ValueError("An endpoint's URL ends with its path; name the key's variable with --api-key-env.")

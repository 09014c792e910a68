"""What is sent to an endpoint and what its answers mean.

Facts of the protocols: OpenAI's reference of chat completions; vLLM's (`reasoning`, called `reasoning_content` before
0.12; `abort` and `repetition` among the finish reasons); DeepSeek's (`reasoning_content`,
`insufficient_system_resource`); Mistral's (`model_length`); OpenRouter's (errors under the status 200).
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from evals.endpoint.settings import Endpoint
from evals.model import Chat, ModelError, Reply
from evals.openai_chat import openai_messages
from evals.types import FinishReason, Sampling

SEEDS = 2**31  # some endpoints keep a seed in 32 bits
LONGEST_WAIT = 300.0  # seconds; who asks for more with Retry-After has a quota that waiting does not mend
OF_PROMPT = (400, 413, 422)
"""Statuses that refuse a request for what it holds."""
_MODERATED = re.compile(r"flagged|moderation|content.(?:filter|policy)", re.IGNORECASE)
_UNSUPPORTED = re.compile(
    r"unsupported|not supported|unknown.(?:parameter|field)|extra.forbidden|\buse .?max_completion_tokens",
    re.IGNORECASE,
)
"""A refusal of a field, which every request has."""
PASSING = (408, 409, 425, 429)
"""Statuses below 500 that a later request may not get."""

FINISH_REASONS: Mapping[str, FinishReason] = {
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "repetition": "repeat",
}
"""What ends a reply, by the endpoints' names for it. All others are a `stop`: the model's own end, a stop string, a
call of a tool, and `content_filter`, for a model that is served with a filter is scored with it."""

UNFINISHED = ("abort", "error", "insufficient_system_resource")
"""Finish reasons that say that the server failed."""


class Failure(ModelError):
    """A request that failed; a sentence without its full stop.

    `passing`: it may be repeated, after `wait` seconds where the endpoint says so. `unreachable`: nothing of an
    endpoint was met, so that the address is in doubt until it has answered once. `of_prompt`: it may be this prompt
    alone that is refused (too long, filtered), for good.
    """

    def __init__(
        self,
        sentence: str,
        *,
        passing: bool = False,
        wait: float | None = None,
        unreachable: bool = False,
        of_prompt: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.passing = passing
        self.wait = wait
        self.unreachable = unreachable
        self.of_prompt = of_prompt


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with what it is billed by; `filtered` says that the endpoint's content filter ended it."""

    reply: Reply
    prompt_tokens: int
    filtered: bool


class _Part(BaseModel):
    type: str = "text"
    text: str = ""
    thinking: "str | list[_Part]" = ""


class _Message(BaseModel):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def request_body(endpoint: Endpoint, chat: Chat, sampling: Sampling) -> bytes:
    """The JSON of a request. `top_k` is sent only where it is on: OpenAI refuses the field."""
    body = {
        "model": endpoint.model,
        "messages": openai_messages(chat.prompt),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        endpoint.max_tokens_field: sampling.max_tokens,
        "seed": chat.seed % SEEDS,
        **({"top_k": sampling.top_k} if sampling.top_k else {}),
        **endpoint.extra,
    }
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode("ascii")


def read_answer(endpoint: Endpoint, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """The reply in an endpoint's answer. Raises `Failure`."""
    try:
        body = json.loads(content)
    except ValueError:
        body = None
    error = body.get("error") if isinstance(body, dict) else None
    if status == 200 and error:
        code = error.get("code") if isinstance(error, dict) else None
        status = code if isinstance(code, int) and 400 <= code < 600 else 502
    if status != 200:
        raise _refused(endpoint, status, headers, _message(body, content), _code(error))
    try:
        completion = _Completion.model_validate(body)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise Failure(
            f"{endpoint.url} answers with something else than a chat completion ({where}: {first['msg']}); "
            "a base URL usually ends in /v1",
            passing=True,
            unreachable=True,
        ) from None
    return _answer(endpoint, completion)


def _answer(endpoint: Endpoint, completion: _Completion) -> Answer:
    choice, usage = completion.choices[0], completion.usage
    if choice.finish_reason in UNFINISHED:
        raise Failure(f"{endpoint.url} broke off a reply ({choice.finish_reason})", passing=True)
    if usage is None:
        raise Failure(
            f"{endpoint.url} does not say how many tokens a reply took (no `usage`), so it cannot be scored; "
            "have it report them"
        )
    finish_reason = FINISH_REASONS.get(choice.finish_reason or "", "stop")
    return Answer(
        Reply(
            _text(choice.message, finish_reason, endpoint.thinking_open),
            usage.completion_tokens,
            finish_reason,
        ),
        usage.prompt_tokens,
        choice.finish_reason == "content_filter",
    )


def _text(message: _Message, finish_reason: FinishReason, thinking_open: str) -> str:
    """The reply as the model wrote it: reasoning that the endpoint cut out stands before it again, in <think>.

    Reasoning that was cut off stays open, so that it passes for no answer. Where the endpoint cuts out none and its
    template opens the thinking, the reply starts with that mark.
    """
    parts = message.content if isinstance(message.content, list) else []
    content = "".join(part.text for part in parts) if parts else message.content
    text = str(content or message.refusal or "")
    reasoning = message.reasoning or message.reasoning_content or "".join(map(_thinking, parts))
    if not reasoning:
        return text if text.startswith(thinking_open) else thinking_open + text
    closing = "</think>" if text or finish_reason == "stop" else ""
    return f"<think>{reasoning}{closing}{text}"


def _thinking(part: _Part) -> str:
    """The reasoning in a part of a message."""
    return part.thinking if isinstance(part.thinking, str) else "".join(inner.text for inner in part.thinking)


def _refused(
    endpoint: Endpoint, status: int, headers: Mapping[str, str], message: str, code: str | None
) -> Failure:
    """What a status means, and how to mend it."""
    said = f"{status}: {message}" if message else str(status)
    if status == 403 and _MODERATED.search(message):
        return Failure(f"{endpoint.url} refuses the prompt ({said})", of_prompt=True)
    if status in (401, 403):
        variable = endpoint.api_key_env
        mend = (
            f"check the key in {variable}"
            if variable
            else "name the variable that holds one with --api-key-env"
        )
        return Failure(f"{endpoint.url} refuses the API key ({said}); {mend}")
    if status == 402 or code == "insufficient_quota":
        return Failure(f"The account at {endpoint.url} has no credit left ({said})")
    if status == 404:
        return Failure(
            f"{endpoint.url} has no model {endpoint.model!r}, or is not the right address ({said}); "
            "a base URL usually ends in /v1"
        )
    if status in PASSING or status >= 500:
        wait = _retry_after(headers)
        if wait is None or wait <= LONGEST_WAIT:
            return Failure(f"{endpoint.url} answers {said}", passing=True, wait=wait)
        return Failure(f"{endpoint.url} asks to come back in {wait:,.0f} seconds ({said}); start again then")
    if 300 <= status < 400:
        where = headers.get("Location") or headers.get("location") or "another address"
        return Failure(f"{endpoint.url} redirects to {where} ({status}); give the base URL of that")
    unsupported = bool(_UNSUPPORTED.search(f"{code} {message}"))
    if unsupported and "max_completion_tokens" in message:
        mend = "ask with --max-tokens-field max_completion_tokens"
    elif unsupported and "system" in message.lower():
        mend = "its chat template takes no system message, as these prompts have; serve it with one that does"
    else:
        mend = "ask for less with --max-tokens, or change the request's fields with --extra"
    of_prompt = status in OF_PROMPT and not unsupported
    return Failure(f"{endpoint.url} refuses the request ({said}); {mend}", of_prompt=of_prompt)


def _code(error: Any) -> str | None:
    return str(error.get("code") or error.get("type")) if isinstance(error, dict) else None


def _message(body: Any, content: bytes) -> str:
    """What an error's body says, in the forms of OpenAI, vLLM, FastAPI and others, on one short line."""
    found = body
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    text = found if isinstance(found, str) else content.decode("utf-8", "replace")
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 300 else f"{line[:300]}…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the endpoint asks to wait: a number or a date (RFC 9110, section 10.2.3); None for none."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return max(0.0, seconds) if not math.isnan(seconds) else None

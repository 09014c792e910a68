"""What evaluation asks of a model: replies to chats. An engine is one, and so is an endpoint."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from evals.engine import Engine, Request
from evals.types import FinishReason, Message, Sampling


@dataclass(frozen=True, slots=True)
class Chat:
    """A prompt to reply to. Where the model can, the reply is drawn by `seed` alone."""

    prompt: tuple[Message, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of a reply, how many tokens it took (the end token included), and why it ends.

    Where the prompt opened the model's thinking, the text starts with that mark, which counts no token.
    """

    text: str
    tokens: int
    finish_reason: FinishReason


class Model(Protocol):
    """Replies to chats."""

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """One reply per chat, in order. `on_tokens` is told how many tokens were drawn since.

        `on_reply` is told the position and reply of each chat as soon as the model has it (an endpoint one by one, an
        engine when all are drawn), so that what is finished is kept when another fails. Raises `ModelError` where a
        chat cannot be replied to, with what to do about it.
        """
        ...


class ModelError(Exception):
    """A model cannot reply; one sentence that says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class EngineModel:
    """An engine as a model. Prompts of like length lie side by side, which saves padding."""

    engine: Engine

    def reply(
        self,
        chats: Sequence[Chat],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
        on_reply: Callable[[int, Reply], None] | None = None,
    ) -> list[Reply]:
        """See `Model.reply`. Raises `ModelError` for a chat with images, which an engine of text cannot see."""
        if any(message.images for chat in chats for message in chat.prompt):
            raise ModelError("This model reads text alone and the prompt has images; use one that sees.")
        prompts = {chat.prompt: self.engine.encode(chat.prompt) for chat in chats}
        requests = [Request(prompts[chat.prompt], chat.seed) for chat in chats]
        order = sorted(range(len(chats)), key=lambda position: len(requests[position].prompt))
        drawn = self.engine.generate([requests[position] for position in order], sampling, on_tokens)
        if len(drawn) != len(chats):
            raise ValueError(f"The engine answered {len(drawn)} of {len(chats)} requests.")
        responses = [response for _, response in sorted(zip(order, drawn, strict=True), key=itemgetter(0))]
        replies = [
            Reply(
                response.opening + self.engine.decode(response.tokens),
                len(response.tokens),
                response.finish_reason,
            )
            for response in responses
        ]
        if on_reply is not None:
            for position, reply in enumerate(replies):
                on_reply(position, reply)
        return replies


def message_to_json(message: Message) -> dict[str, Any]:
    """A message for a digest or a key; an image stands there by its own digest."""
    images = [
        {"media_type": image.media_type, "sha256": hashlib.sha256(image.data).hexdigest()}
        for image in message.images
    ]
    return {"role": message.role, "content": message.content, **({"images": images} if images else {})}

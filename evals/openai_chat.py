"""Prompts as the chat messages that OpenAI's API takes, which vLLM and most endpoints understand."""

import base64
from collections.abc import Sequence
from typing import Any

from evals.types import Image, Message


def openai_messages(prompt: Sequence[Message]) -> list[dict[str, Any]]:
    """One object per message. Images stand before its text, as data URLs; text alone stays a plain string."""
    return [{"role": message.role, "content": _content(message)} for message in prompt]


def _content(message: Message) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.content
    images = [{"type": "image_url", "image_url": {"url": _data_url(image)}} for image in message.images]
    return [*images, {"type": "text", "text": message.content}]


def _data_url(image: Image) -> str:
    return f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"

"""Chat templates that take no system message, or come in several: what a prompt becomes for them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from jinja2.exceptions import TemplateError

from evals.types import Message
from training.errors import StageError, first_line

Apply = Callable[[Sequence[Message]], str]
"""Renders a conversation by a chat template, ready for the assistant's turn."""

PROMPT_DATE = date(2025, 1, 20)
"""What a template that prints today's date (Llama 3's does) is told, so that a prompt is the same on every day."""
NO_SYSTEM_MESSAGE = "the chat template takes no system message; its text stands before the first user turn"
_PROBE = (Message("system", "Answer in one word."), Message("user", "Which?"))


_TODAY = re.compile(r"""strftime_now\((?P<quote>["'])(?P<format>[^"'\n]{0,40})(?P=quote)\)""")


def dated(template: str) -> str:
    """A chat template with `PROMPT_DATE` in the place of today's date."""
    return _TODAY.sub(lambda match: repr(PROMPT_DATE.strftime(match["format"])), template)


def check_one_template(chat_template: Any) -> None:
    """Raise `StageError` where a tokenizer has several named chat templates and none is its default."""
    if isinstance(chat_template, dict) and "default" not in chat_template:
        raise StageError(
            f"The checkpoint has several chat templates ({', '.join(sorted(chat_template))}) and none is its default; "
            "call the one to use `default` in its tokenizer's files."
        )


def takes_system_message(apply: Apply) -> bool:
    """Whether a template renders a system message; some refuse it (Gemma), and some leave it out without a word."""
    try:
        return _PROBE[0].content in apply(_PROBE)
    except (TemplateError, ValueError):
        return False


def as_taken(prompt: Sequence[Message], apply: Apply) -> tuple[Message, ...]:
    """The prompt as the template takes it: with the system text before the first user turn, where that is needed."""
    first, *others = prompt
    if first.role != "system" or not others or others[0].role != "user" or takes_system_message(apply):
        return tuple(prompt)
    return replace(others[0], content=f"{first.content}\n\n{others[0].content}"), *others[1:]


def rendered(prompt: Sequence[Message], apply: Apply) -> str:
    """The prompt by the template. Raises `StageError` where the template refuses it."""
    try:
        return apply(as_taken(prompt, apply))
    except TemplateError as error:
        raise StageError(
            f"The checkpoint's chat template refuses a prompt of the turns {', '.join(m.role for m in prompt)}: "
            f"{first_line(error)}"
        ) from error


def template_caveats(prompts: Sequence[Sequence[Message]], apply: Apply) -> tuple[str, ...]:
    """What a reader of a score must know of these prompts under the template."""
    asked = next((prompt for prompt in prompts if prompt and prompt[0].role == "system"), None)
    return () if asked is None or as_taken(asked, apply) == tuple(asked) else (NO_SYSTEM_MESSAGE,)

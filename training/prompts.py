"""Chat prompts to token ids, the same way in training and in sampling."""

import re
from collections.abc import Sequence
from datetime import date

from transformers import PreTrainedTokenizerBase

from evals.types import Message

PROMPT_DATE = date(2025, 1, 20)
"""What a chat template that prints today's date (Llama 3's does) is told, so that a prompt is the same on every day."""


_TODAY = re.compile(r"""strftime_now\((?P<quote>["'])(?P<format>[^"'\n]{0,40})(?P=quote)\)""")


def dated(template: str) -> str:
    """A chat template with `PROMPT_DATE` in the place of today's date."""
    return _TODAY.sub(lambda match: repr(PROMPT_DATE.strftime(match["format"])), template)


def prompt_text(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = "") -> str:
    """The prompt by the tokenizer's chat template (plain text joined by newlines where it has none)."""
    if tokenizer.chat_template:
        messages = [{"role": message.role, "content": message.content} for message in prompt]
        text = str(
            tokenizer.apply_chat_template(
                messages,
                chat_template=dated(tokenizer.get_chat_template()),
                tokenize=False,
                add_generation_prompt=True,
            )
        )
    else:
        text = "\n".join(message.content for message in prompt) + "\n"
    return text + prefill


def encode_prompt(
    tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = ""
) -> tuple[int, ...]:
    """Token ids of a chat prompt, ready for the assistant's turn (which starts with `prefill`)."""
    text = prompt_text(tokenizer, prompt, prefill)
    ids = tuple(tokenizer(text, add_special_tokens=not tokenizer.chat_template)["input_ids"])
    # Some tokenizers end whatever they are given; a prompt goes on with the response.
    closed = not tokenizer.chat_template and ids[-1:] == (tokenizer.eos_token_id,)
    return ids[:-1] if closed else ids

"""Chat prompts to token ids, the same way in training and in sampling."""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from evals.types import Message
from verifiers.thinking import opened_thinking

_END = 40
"""Tokens at the end of a prompt that may be a mark of thinking."""


def prompt_text(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = "") -> str:
    """The prompt by the tokenizer's chat template (plain text joined by newlines where it has none)."""
    if tokenizer.chat_template:
        messages = [{"role": message.role, "content": message.content} for message in prompt]
        text = str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
    else:
        text = "\n".join(message.content for message in prompt) + "\n"
    return text + prefill


def encode_prompt(
    tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = ""
) -> tuple[int, ...]:
    """Token ids of a chat prompt, ready for the assistant's turn (which starts with `prefill`)."""
    text = prompt_text(tokenizer, prompt, prefill)
    return tuple(tokenizer(text, add_special_tokens=not tokenizer.chat_template)["input_ids"])


def opening_of(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[int]) -> str:
    """The mark of thinking that a prompt's token ids end with; empty if they end otherwise."""
    return opened_thinking(str(tokenizer.decode(list(prompt[-_END:]), skip_special_tokens=False)))

"""Chat prompts to token ids, the same way in training and in sampling."""

from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from evals.types import Message
from training.chat_template import Apply, check_one_template, dated, rendered
from verifiers.thinking import opened_thinking

_END = 40
"""Tokens at the end of a prompt that may be a mark of thinking."""


def prompt_text(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = "") -> str:
    """The prompt by the tokenizer's chat template (plain text joined by newlines where it has none).

    Raises `StageError` where the template refuses it.
    """
    return rendered(prompt, template_of(tokenizer)) + prefill


def template_of(tokenizer: PreTrainedTokenizerBase) -> Apply:
    """What renders a conversation by the tokenizer's chat template, or as plain text where it has none.

    Rendering raises `StageError` where the tokenizer has several templates and none is the default.
    """

    def apply(prompt: Sequence[Message]) -> str:
        if not tokenizer.chat_template:
            return "\n".join(message.content for message in prompt) + "\n"
        check_one_template(tokenizer.chat_template)
        messages = [{"role": message.role, "content": message.content} for message in prompt]
        return str(
            tokenizer.apply_chat_template(
                messages,
                chat_template=dated(tokenizer.get_chat_template()),
                tokenize=False,
                add_generation_prompt=True,
            )
        )

    return apply


def encode_prompt(
    tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], prefill: str = ""
) -> tuple[int, ...]:
    """Token ids of a chat prompt, ready for the assistant's turn (which starts with `prefill`)."""
    text = prompt_text(tokenizer, prompt, prefill)
    ids = tuple(tokenizer(text, add_special_tokens=not tokenizer.chat_template)["input_ids"])
    # Some tokenizers end whatever they are given; a prompt goes on with the response.
    closed = not tokenizer.chat_template and ids[-1:] == (tokenizer.eos_token_id,)
    return ids[:-1] if closed else ids


def opening_of(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[int]) -> str:
    """The mark of thinking that a prompt's token ids end with; empty if they end otherwise."""
    return opened_thinking(str(tokenizer.decode(list(prompt[-_END:]), skip_special_tokens=False)))

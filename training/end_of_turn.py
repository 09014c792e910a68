"""Which token ends the assistant's turn: the one that the chat template writes, and all at which sampling stops."""

from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from training.chat_template import check_one_template
from training.errors import StageError

PROBE = "probe"
"""The content of the answer by which the template is asked."""


@dataclass(frozen=True, slots=True)
class EndOfTurn:
    """`trained` is the id that SFT teaches to end a turn with; `stops` are all ids at which sampling stops, sorted."""

    trained: int
    stops: tuple[int, ...]


def end_of_turn(tokenizer: PreTrainedTokenizerBase, configured: int | list[int] | None = None) -> EndOfTurn:
    """How a turn ends with this tokenizer.

    The chat template decides (`<|im_end|>`, `<end_of_turn>`, `<|eot_id|>`, ...): what it writes behind an answer is
    what the model has seen or will see. Without a template it is the tokenizer's end token. Sampling stops at either,
    and at `configured`, which is `eos_token_id` of the checkpoint's generation config. Raises `StageError` where no
    token at all is known to end a turn.
    """
    listed = configured if isinstance(configured, list) else [configured]
    known = [_end_by_template(tokenizer), tokenizer.eos_token_id, *listed]
    ends = [int(token) for token in known if token is not None]
    if not ends:
        raise StageError(
            "The tokenizer has no end token: its chat template writes none, and neither eos_token of the tokenizer nor "
            "eos_token_id of generation_config.json is set; set one, or no response would ever end."
        )
    return EndOfTurn(ends[0], tuple(sorted(set(ends))))


def _end_by_template(tokenizer: PreTrainedTokenizerBase) -> int | None:
    """The first special token behind an answer; None where there is no template or it writes none."""
    if not tokenizer.chat_template:
        return None
    check_one_template(tokenizer.chat_template)
    chat = [{"role": "user", "content": "?"}, {"role": "assistant", "content": PROBE}]
    text = str(tokenizer.apply_chat_template(chat, tokenize=False))
    behind = text.rpartition(PROBE)[2]
    special = {token for token, added in tokenizer.added_tokens_decoder.items() if added.special}
    special |= set(tokenizer.all_special_ids)
    ids = tokenizer(behind, add_special_tokens=False)["input_ids"]
    return next((int(token) for token in ids if token in special), None)

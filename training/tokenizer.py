"""The embedded tokenizer: one token per word and per whole number, so that small models learn arithmetic fast."""

from collections.abc import Iterable, Mapping, Sequence

from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from evals.benchmarks import countdown, ordering

PAD, END, USER, ASSISTANT = "<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"
TAGS = ("<think>", "</think>", "<answer>", "</answer>")
WORDS = (
    *["+", "-", "*", "(", ")", "=", ":", ".", ","],
    *["Use", "to", "make", "Order", "by", "goal", "try", "back", "then", "no", "yes", "check", "ok", "wait"],
    "order",
)
FAMILY_WORDS: Mapping[str, Sequence[str]] = {
    "programs": ("//", "Find", "f", "of", "size", "lambda", "x"),
}
"""Words that only problems of this family need; a model that never sees one has no token for it."""
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}" + ASSISTANT + " {{ message['content'] }} " + END + " "
    "{% else %}" + USER + " {{ message['content'] }} {% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}" + ASSISTANT + " {% endif %}"
)


def build_tokenizer(families: Iterable[str] = ()) -> PreTrainedTokenizerFast:
    """A word-level tokenizer of the embedded puzzles, with a chat template; saved with every checkpoint.

    It knows all words of Countdown and Ordering, and those of further `families`.
    """
    families = set(families)
    numbers = map(str, range(1, countdown.VALUE_MAX + 1))
    vocabulary = [PAD, END, USER, ASSISTANT, "<|unknown|>", *TAGS, *WORDS, *ordering.ITEMS, *numbers]
    vocabulary += [word for name in FAMILY_WORDS if name in families for word in FAMILY_WORDS[name]]
    backend = Tokenizer(
        models.WordLevel({token: index for index, token in enumerate(vocabulary)}, unk_token="<|unknown|>")
    )
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token=PAD,
        eos_token=END,
        unk_token="<|unknown|>",
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def tokenize_response(tokenizer: PreTrainedTokenizerBase, response: str, end: int | None) -> tuple[int, ...]:
    """Token ids of a response, with the token `end` behind it; None where it was cut and has no end."""
    ids = tuple(tokenizer(response, add_special_tokens=False)["input_ids"])
    return ids if end is None else (*ids, end)

"""The end of a turn and the prompt before it, with a byte-level tokenizer and chat templates of several families."""

from datetime import datetime

import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from training_support import tiny_model
from transformers import PreTrainedTokenizerFast

from evals.engine import Request
from evals.model import ModelError
from evals.types import Message, Problem, Sampling
from repro.stages.sft import examples_of
from training.demonstrations.build import Demonstration
from training.end_of_turn import end_of_turn
from training.engine.local import LocalEngine
from training.errors import StageError
from training.prompts import encode_prompt, prompt_text

SPECIAL = [
    "<eos>",
    "<|im_start|>",
    "<|im_end|>",
    "<start_of_turn>",
    "<end_of_turn>",
    "<|user|>",
    "<|end|>",
    "<bos>",
]
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\\n{{ m.content }}<|im_end|>\\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\\n{% endif %}"
)
GEMMA = (
    "<bos>{% for m in messages %}<start_of_turn>{{ m.role }}\\n{{ m.content | trim }}<end_of_turn>\\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\\n{% endif %}"
)
PHI = (
    "{% for m in messages %}<|user|>{{ m.content }}<|end|>\\n{% endfor %}"
    "{% if not add_generation_prompt %}<eos>{% endif %}"
)
BARE = "{% for m in messages %}{{ m.content }}\\n{% endfor %}"


def bytes_tokenizer(template=None, eos="<eos>", **more):
    """One token per byte, and the special tokens of all families."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    backend = Tokenizer(models.BPE({token: index for index, token in enumerate(alphabet)}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(SPECIAL)
    made = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token=eos, **more)
    made.chat_template = template
    return made


@pytest.mark.parametrize(
    ("template", "end"),
    [(CHATML, "<|im_end|>"), (GEMMA, "<end_of_turn>"), (PHI, "<|end|>"), (BARE, "<eos>"), (None, "<eos>")],
)
def test_the_template_decides_what_ends_a_turn(template, end):
    made = bytes_tokenizer(template)
    found = end_of_turn(made, configured=made.convert_tokens_to_ids("<eos>"))
    assert made.convert_ids_to_tokens(found.trained) == end
    assert set(made.convert_ids_to_tokens(list(found.stops))) == {end, "<eos>"}


def test_sampling_stops_at_the_generation_configs_tokens_too():
    made = bytes_tokenizer(CHATML)
    listed = made.convert_tokens_to_ids(["<|end|>", "<end_of_turn>"])
    stops = made.convert_ids_to_tokens(list(end_of_turn(made, listed).stops))
    assert set(stops) == {"<|im_end|>", "<eos>", "<|end|>", "<end_of_turn>"}


def test_a_tokenizer_without_any_end_is_refused():
    with pytest.raises(StageError, match="has no end token"):
        end_of_turn(bytes_tokenizer(BARE, eos=None))
    assert end_of_turn(bytes_tokenizer(CHATML, eos=None)).trained


@pytest.mark.parametrize("template", [CHATML, GEMMA, PHI])
def test_what_sft_trains_as_the_end_is_where_sampling_stops(template):
    made = bytes_tokenizer(template)
    problem = Problem("p", (Message("user", "2 + 2?"),), "4", "math")
    (example,) = examples_of(made, [Demonstration(problem, "4")])
    model = tiny_model(made)
    model.generation_config.eos_token_id = [made.convert_tokens_to_ids("<bos>")]  # a list of somebody else's
    assert example.response[-1] in LocalEngine(model, made).end_tokens


def test_the_prompt_does_not_change_with_the_day(monkeypatch):
    import transformers.utils.chat_template_utils as templates

    made = bytes_tokenizer("Today is {{ strftime_now('%d %b %Y') }}. " + CHATML)

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 5, 17, tzinfo=tz)

    prompt = (Message("user", "hi"),)
    before = prompt_text(made, prompt)
    monkeypatch.setattr(templates, "datetime", Tomorrow)
    assert prompt_text(made, prompt) == before
    assert before.startswith("Today is 20 Jan 2025. <|im_start|>")


def test_a_prompt_without_a_template_is_not_ended():
    made = bytes_tokenizer()
    made.backend_tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>",
        special_tokens=[(token, made.convert_tokens_to_ids(token)) for token in ("<bos>", "<eos>")],
    )
    ids = made.convert_ids_to_tokens(list(encode_prompt(made, (Message("user", "hi"),))))
    assert ids[0] == "<bos>"
    assert ids[-1] != "<eos>"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_logits_that_are_no_numbers_are_an_error_not_a_token(tokenizer, value):
    model = tiny_model(tokenizer)
    with torch.no_grad():
        model.model.norm.weight.fill_(value)
    request = Request(tuple(tokenizer("Use 1 2 to make 3 .")["input_ids"]), seed=1)
    with pytest.raises(ModelError, match="not numbers"):
        LocalEngine(model, tokenizer).generate([request], Sampling(max_tokens=4))

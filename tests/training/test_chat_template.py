"""Chat templates that refuse or drop a system message, or come in several."""

from dataclasses import replace

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from evals.types import Message
from training.chat_template import NO_SYSTEM_MESSAGE, template_caveats
from training.errors import StageError
from training.prompts import prompt_text, template_of

TURNS = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
REFUSES = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    + TURNS
)
DROPS = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}"
SYSTEM, USER, REPLY = Message("system", "Be brief."), Message("user", "Why?"), Message("assistant", "So.")


def tokenizer(template):
    made = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"a": 0}, unk_token="a")))
    made.chat_template = template
    return made


@pytest.mark.parametrize(
    ("template", "text", "caveats"),
    [
        (TURNS, "<system>Be brief.<user>Why?", ()),
        (REFUSES, "<user>Be brief.\n\nWhy?", (NO_SYSTEM_MESSAGE,)),
        (DROPS, "<user>Be brief.\n\nWhy?", (NO_SYSTEM_MESSAGE,)),
        ({"default": REFUSES, "rag": TURNS}, "<user>Be brief.\n\nWhy?", (NO_SYSTEM_MESSAGE,)),
        (None, "Be brief.\nWhy?\n", ()),
    ],
)
def test_the_system_text_reaches_the_model(template, text, caveats):
    one = tokenizer(template)
    assert prompt_text(one, (SYSTEM, USER)) == text
    assert template_caveats([(USER,), (SYSTEM, USER)], template_of(one)) == caveats
    assert template_caveats([(USER,)], template_of(one)) == ()


def test_examples_keep_their_turns():
    text = prompt_text(tokenizer(REFUSES), (SYSTEM, USER, REPLY, replace(USER, content="And?")), "<think>")
    assert text == "<user>Be brief.\n\nWhy?<assistant>So.<user>And?<think>"


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ({"rag": TURNS, "tool_use": TURNS}, r"several chat templates \(rag, tool_use\)"),
        (
            "{{ raise_exception('Roles must alternate.\nNo.') }}",
            "refuses a prompt of the turns user: Roles must alternate",
        ),
    ],
)
def test_what_a_template_refuses_is_one_sentence(template, says):
    with pytest.raises(StageError, match=says):
        prompt_text(tokenizer(template), (USER,))

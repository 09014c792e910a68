"""A checkpoint that says one of four answers at random, and tasks for lm-eval in files."""

import json

import torch
import yaml
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from training.checkpoint import CheckpointInfo, save_checkpoint

ANSWERS = [rf"\boxed{{{number}}}" for number in range(1, 5)]
WORDS = ["<|end|>", "<|pad|>", "<|unknown|>", *ANSWERS, "stop", "Which", "number", "?", "user", "assistant"]
QUESTIONS = [
    {"question": f"Which number is {number % 4 + 1} ?", "answer": str(number % 4 + 1)} for number in range(6)
]


def save_tiny(path, seed=0):
    """A random Llama over a dozen words, saved in `path`."""
    backend = Tokenizer(
        models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<|unknown|>")
    )
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, eos_token="<|end|>", pad_token="<|pad|>", unk_token="<|unknown|>"
    )
    tokenizer.chat_template = (
        "{% for message in messages %}{{ message['role'] }} {{ message['content'] }} {% endfor %}assistant "
    )
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=16, max_position_embeddings=256, initializer_range=0.02, tie_word_embeddings=True,
        eos_token_id=0, pad_token_id=1, bos_token_id=None,
    )  # fmt: skip
    return save_checkpoint(
        path, LlamaForCausalLM(config), tokenizer, CheckpointInfo("tiny", "scratch", None, (), "", seed)
    )


def write_task(folder, name, **settings):
    """A task file over `QUESTIONS`, as somebody would write one."""
    data = folder / "questions.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS))
    task = {
        "task": name, "dataset_path": "json", "test_split": "test",
        "dataset_kwargs": {"data_files": {"test": str(data)}, "cache_dir": str(folder / "cache")},
        "output_type": "generate_until", "doc_to_text": "{{question}}", "doc_to_target": "{{answer}}",
        "generation_kwargs": {
            "until": ["stop"], "max_gen_toks": 4, "do_sample": True, "temperature": 1.0, "top_k": 0,
        },
        "filter_list": [
            {"name": "boxed", "filter": [
                {"function": "regex", "regex_pattern": r"\\boxed\{(\d)\}"}, {"function": "take_first"},
            ]},
            {"name": "last", "filter": [
                {"function": "regex", "regex_pattern": r"(\d)", "group_select": -1}, {"function": "take_first"},
            ]},
        ],
        "metric_list": [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}],
        "metadata": {"version": 2.0},
    }  # fmt: skip
    (folder / f"{name}.yaml").write_text(yaml.safe_dump({**task, **settings}))

"""What the tests of the command line share."""

from pathlib import Path

import pytest
from cli_support import Server, make_run

TINY_MODEL = """
import torch
from transformers import LlamaConfig, LlamaForCausalLM
from training.tokenizer import build_tokenizer
tokenizer = build_tokenizer()
config = LlamaConfig(
    vocab_size=len(tokenizer),
    hidden_size=16,
    num_hidden_layers=1,
    num_attention_heads=2,
    num_key_value_heads=2,
    intermediate_size=32,
    max_position_embeddings=1024,
    pad_token_id=tokenizer.pad_token_id,
    eos_token_id=tokenizer.eos_token_id,
    bos_token_id=None,
)
torch.manual_seed(0)
LlamaForCausalLM(config).save_pretrained("somebody-elses")
tokenizer.save_pretrained("somebody-elses")
"""


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory that tests only read."""
    return make_run(tmp_path_factory.mktemp("runs") / "toy-seed0")


@pytest.fixture(scope="session")
def warm():
    """`repro` with torch imported already."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def checkpoint(warm: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random Llama that knows the embedded puzzles' words, as somebody else would save it."""
    path = tmp_path_factory.mktemp("models") / "somebody-elses"
    warm.python(TINY_MODEL, path.parent)
    return path

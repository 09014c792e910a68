"""Which models the in-process engine takes, and which it refuses before anything is drawn."""

import pytest
import torch
import transformers
from training_support import tiny_model

from evals.engine import Request
from evals.model import ModelError
from evals.types import Sampling
from training.engine.local import LocalEngine

SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "intermediate_size": 48,
    "max_position_embeddings": 512,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": None,
    "initializer_range": 0.2,
}
OLD_SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "initializer_range": 0.2}
MOE = {"num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 16}

TAKEN = {
    "llama": SIZES,
    "qwen2": SIZES,
    "qwen3": SIZES | {"head_dim": 16},
    "mistral": SIZES | {"sliding_window": 4},
    "gemma2": SIZES | {"head_dim": 16, "sliding_window": 4},
    "gemma3_text": SIZES | {"head_dim": 16, "sliding_window": 4},
    "phi3": SIZES,
    "olmo2": SIZES,
    "granite": SIZES,
    "cohere": SIZES,
    "smollm3": SIZES,
    "starcoder2": SIZES,
    "qwen2_moe": SIZES | MOE | {"shared_expert_intermediate_size": 16},
    "gpt_oss": SIZES
    | {"head_dim": 16, "num_local_experts": 2, "num_experts_per_tok": 1, "sliding_window": 4},
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 2, "initializer_range": 0.2},
    "gpt_neox": OLD_SIZES | {"intermediate_size": 48},
    "opt": OLD_SIZES | {"ffn_dim": 48, "word_embed_proj_dim": 32},
    "bloom": {"hidden_size": 32, "n_layer": 2, "n_head": 2, "initializer_range": 0.2},
    "falcon": OLD_SIZES,
}
REFUSED = {
    "mamba": {"hidden_size": 32, "num_hidden_layers": 2, "initializer_range": 0.2},
    "rwkv": {"hidden_size": 32, "num_hidden_layers": 2, "attention_hidden_size": 32},
    "recurrent_gemma": {
        "hidden_size": 32,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "intermediate_size": 48,
        "lru_width": 32,
        "attention_window_size": 8,
    },
    "jamba": SIZES
    | {"num_hidden_layers": 8, "num_experts": 2, "mamba_dt_rank": 4, "use_mamba_kernels": False},
    "falcon_h1": SIZES
    | {"mamba_d_ssm": 32, "mamba_n_heads": 2, "mamba_d_head": 16, "mamba_d_state": 8},
    "lfm2": SIZES | {"layer_types": ["conv", "full_attention"]},
}  # fmt: skip


def build(kind, tokenizer, sizes):
    torch.manual_seed(0)
    config = transformers.AutoConfig.for_model(kind, vocab_size=len(tokenizer), **sizes)
    return transformers.AutoModelForCausalLM.from_config(config).eval()


@pytest.mark.parametrize("kind", TAKEN)
def test_models_with_attention_in_every_layer_are_taken(kind, tokenizer):
    LocalEngine(build(kind, tokenizer, TAKEN[kind]), tokenizer)


@pytest.mark.parametrize("kind", REFUSED)
def test_models_with_another_state_are_refused(kind, tokenizer):
    with pytest.raises(ModelError, match=r"in-process engine (?:cannot run|does not sample from)") as caught:
        LocalEngine(build(kind, tokenizer, REFUSED[kind]), tokenizer)
    assert "\n" not in str(caught.value)


def draw(model, tokenizer, prompt, limit):
    request = Request(tuple([9] * prompt), seed=0)
    return LocalEngine(model, tokenizer).generate([request], Sampling(max_tokens=limit))


def test_prompt_and_limit_beyond_the_models_positions_are_refused(tokenizer):
    with pytest.raises(ModelError, match="may take 513 tokens, and this model has 512 positions"):
        draw(tiny_model(tokenizer), tokenizer, 500, 13)
    assert draw(tiny_model(tokenizer), tokenizer, 500, 12)
    learned = build("gpt2", tokenizer, TAKEN["gpt2"] | {"n_positions": 32})
    with pytest.raises(ModelError, match="this model has 32 positions"):
        draw(learned, tokenizer, 30, 4)


@pytest.mark.parametrize(
    ("kind", "rope", "sizes"),
    [
        ("llama", {"rope_type": "dynamic", "factor": 2.0}, {"max_position_embeddings": 64}),
        (
            "phi3",
            {
                "rope_type": "longrope",
                "short_factor": [1.0] * 8,
                "long_factor": [2.0] * 8,
                "original_max_position_embeddings": 64,
            },
            {"original_max_position_embeddings": 64},
        ),
    ],
    ids=["dynamic", "longrope"],
)
def test_rotary_embeddings_that_change_with_the_length_are_refused_past_the_switch(
    tokenizer, kind, rope, sizes
):
    model = build(kind, tokenizer, SIZES | sizes | {"rope_parameters": {"rope_theta": 10000.0, **rope}})
    assert draw(model, tokenizer, 60, 4)
    with pytest.raises(ModelError, match=f"{rope['rope_type']} rotary embedding changes past 64"):
        draw(model, tokenizer, 60, 5)

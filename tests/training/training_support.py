"""What the training tests share."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM


def tiny_model(tokenizer, seed=0, scale=1.0):
    """A random Llama small enough for tests; a larger `scale` gives a less uniform policy."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=48,
        max_position_embeddings=512,
        initializer_range=0.08 * scale,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    return LlamaForCausalLM(config).eval()

"""The embedded model: a small Llama with fresh weights and attention biases."""

import torch
from pydantic import BaseModel, ConfigDict
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel, PreTrainedTokenizerBase

QUERY_KEY_BIAS = 0.5  # standard deviation
OUTPUT_SCALE = 0.1


class ScratchConfig(BaseModel):
    """Size and initialisation of the embedded model. `initializer_range` suits a hidden size of about 128."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hidden_size: int = 128
    layers: int = 3
    heads: int = 4
    intermediate_size: int = 384
    initializer_range: float = 0.08
    max_positions: int = 1024


def build_scratch_model(
    config: ScratchConfig, tokenizer: PreTrainedTokenizerBase, seed: int
) -> PreTrainedModel:
    """A randomly initialised model, the same for the same seed.

    Two changes to the library's initialisation let so small a model learn to copy and to look up within a few
    million tokens: queries and keys get a random bias, so that heads can attend by position from the start,
    and the projections into the residual stream start small.
    """
    torch.manual_seed(seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=config.hidden_size,
            num_hidden_layers=config.layers,
            num_attention_heads=config.heads,
            num_key_value_heads=config.heads,
            intermediate_size=config.intermediate_size,
            max_position_embeddings=config.max_positions,
            initializer_range=config.initializer_range,
            attention_bias=True,
            tie_word_embeddings=True,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
        )
    )
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith(("q_proj.bias", "k_proj.bias")):
                parameter.normal_(0, QUERY_KEY_BIAS)
            elif name.endswith(("o_proj.weight", "down_proj.weight")):
                parameter.mul_(OUTPUT_SCALE)
    return model

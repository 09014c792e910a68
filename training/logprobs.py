"""Log-probabilities of responses under a model: the trainer's own forward pass."""

from collections.abc import Sequence

import torch
from transformers import PreTrainedModel

from training.examples import Batch, Example, collate, microbatches


def token_logprobs(model: PreTrainedModel, batch: Batch, temperature: float = 1.0) -> torch.Tensor:
    """log p of each response token given what precedes it: [rows, width − 1], 0 outside the response.

    Logits are divided by `temperature`, so that the policy is the distribution that was sampled from.
    """
    logits = model(input_ids=batch.tokens, attention_mask=batch.attention, use_cache=False).logits[:, :-1]
    logits = logits.float() / temperature
    picked = logits.gather(2, batch.tokens[:, 1:, None])[:, :, 0]
    logprobs: torch.Tensor = (picked - logits.logsumexp(dim=2)) * batch.targets[:, 1:]
    return logprobs


@torch.no_grad()
def response_logprobs(
    model: PreTrainedModel,
    examples: Sequence[Example],
    pad: int,
    microbatch_tokens: int,
    temperature: float = 1.0,
) -> list[torch.Tensor]:
    """Per example, the log-probabilities of its response tokens [response length], on the CPU, no gradient."""
    results: list[torch.Tensor] = [torch.empty(0)] * len(examples)
    for group in microbatches([len(example) for example in examples], microbatch_tokens):
        chosen = [examples[i] for i in group]
        values = token_logprobs(model, collate(chosen, pad, model.device), temperature).cpu()
        for row, (index, example) in enumerate(zip(group, chosen, strict=True)):
            start = len(example.prompt) - 1
            results[index] = values[row, start : start + len(example.response)]
    return results

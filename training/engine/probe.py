"""Can the in-process engine run this model? A few tokens tell, before anything is drawn for good.

The engine keeps keys and values in a cache of its own and pads prompts on the left. A model that carries another state
from token to token (Mamba, RWKV, hybrids of them), or that ignores positions and masks, would draw from another
distribution than its own, without an error. So what the engine draws is compared with the model's plain forward pass.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from evals.engine import Request
from evals.model import ModelError
from evals.types import Sampling
from training.errors import first_line

if TYPE_CHECKING:
    from training.engine.local import LocalEngine

TOLERANCES = {torch.float32: 5e-3, torch.float16: 0.05}
OTHER_TOLERANCE = 0.25
"""Largest difference of a token's log-probability, in nats; the second is of bfloat16 and coarser types."""

LENGTH_DEPENDENT = ("longrope", "dynamic")
"""Rotary embeddings that change for all tokens once a sequence passes the length that the model began with."""


def check_sampler(engine: "LocalEngine") -> None:
    """Raise `ModelError` where the engine does not sample from the model's own distribution."""
    name = type(engine.model).__name__
    advice = "score it by vLLM or behind an endpoint instead"
    prompts = _prompts(engine)
    # Two prompts of different lengths in one batch, then the same in single cached steps.
    requests = [Request(prompt, seed=place) for place, prompt in enumerate(prompts)]
    try:
        responses = engine.draw_batch(requests, Sampling(max_tokens=6))
        drawn = [(response.tokens, response.logprobs) for response in responses]
        stepped = [
            (prompt, logprobs)
            for prompt, logprobs in zip(prompts, engine.logprobs(requests, prompts), strict=True)
        ]
        own = [
            _own_logprobs(engine, prompt, tokens) for prompt, (tokens, _) in zip(prompts, drawn, strict=True)
        ]
        own += [
            _own_logprobs(engine, prompt, tokens)
            for prompt, (tokens, _) in zip(prompts, stepped, strict=True)
        ]
    except ModelError:
        raise
    except Exception as error:  # models raise many kinds; the sentence keeps the cause
        raise ModelError(
            f"The in-process engine cannot run {name} ({type(error).__name__}: {first_line(error)}); {advice}."
        ) from error
    pairs = zip([*drawn, *stepped], own, strict=True)
    gap = max(abs(a - b) for (_, theirs), ours in pairs for a, b in zip(theirs, ours, strict=True))
    tolerance = TOLERANCES.get(engine.model.dtype, OTHER_TOLERANCE)
    if not gap <= tolerance:
        raise ModelError(
            f"The in-process engine does not sample from {name}'s own distribution (log-probabilities differ by up to "
            f"{gap:.2g} nats, {tolerance:g} allowed): it keeps a state that the engine's cache does not hold; {advice}."
        )


def check_positions(config: Any, needed: int) -> None:
    """Raise `ModelError` where prompt and response, `needed` tokens together, pass the positions that the model has."""
    config = config.get_text_config()
    limit = getattr(config, "max_position_embeddings", None)
    rope = getattr(config, "rope_parameters", None) or {}
    by_layer = [value for value in rope.values() if isinstance(value, dict)] or [rope]
    for parameters in by_layer:
        if parameters.get("rope_type") in LENGTH_DEPENDENT:
            first = parameters.get("original_max_position_embeddings") or limit
            if first is not None and needed > first:
                raise ModelError(
                    f"Prompt and response may take {needed:,} tokens, and this model's {parameters['rope_type']} "
                    f"rotary embedding changes past {first:,}, which the in-process engine does not follow; lower the "
                    "token limit or shorten the prompts."
                )
            return
    if limit is not None and needed > limit:
        raise ModelError(
            f"Prompt and response may take {needed:,} tokens, and this model has {limit:,} positions; lower the token "
            "limit or shorten the prompts."
        )


def _prompts(engine: "LocalEngine") -> list[tuple[int, ...]]:
    """Two short prompts of ordinary tokens, of different lengths."""
    ends = set(engine.end_tokens) | set(engine.tokenizer.all_special_ids)
    size = int(engine.model.get_input_embeddings().num_embeddings)
    ordinary = [token for token in range(min(size, 1_000)) if token not in ends]
    spread = [ordinary[(7 * place) % len(ordinary)] for place in range(12)]
    return [tuple(spread[:4]), tuple(spread[4:])]


@torch.inference_mode()
def _own_logprobs(engine: "LocalEngine", prompt: Sequence[int], tokens: Sequence[int]) -> list[float]:
    """log p of `tokens` after `prompt`, by one forward pass of the model without a cache [tokens]."""
    ids = torch.tensor([[*prompt, *tokens]], device=engine.model.device)
    logits = engine.model(input_ids=ids, use_cache=False).logits[0, len(prompt) - 1 : -1].float()
    picked = logits.log_softmax(dim=-1).gather(1, ids[0, len(prompt) :, None])[:, 0]
    return [float(value) for value in picked]

"""Rollout speed: our engine beside `model.generate` of transformers, on the same prompts with the same model.

    python benchmarks/rollout.py [--checkpoint DIR] [--responses 512] [--max-tokens 256] [--rounds 3]

Without a checkpoint, a random model of the default recipe's size is used whose end token comes at a constant
rate, which gives the mixed lengths of real rollouts (mean about 90 of at most 256 tokens). The equal-lengths
case never ends early: there only the decoding loop differs. Rounds alternate between the two, so that a noisy
machine hits both; the ratio is the median over rounds.
"""

import argparse
import math
import os
import statistics
import time
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel, PreTrainedTokenizerBase

from evals.benchmarks.puzzles import HELD_OUT, level_problems
from evals.engine import Request
from evals.types import Sampling
from training.checkpoint import load_checkpoint
from training.engine.local import LocalEngine
from training.prompts import prompt_text
from training.tokenizer import build_tokenizer

MEAN_TOKENS = 90


def random_model(tokenizer: PreTrainedTokenizerBase) -> PreTrainedModel:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=4,
        intermediate_size=384,
        max_position_embeddings=1024,
        tie_word_embeddings=False,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    return LlamaForCausalLM(config).eval()


def set_end_rate(model: PreTrainedModel, end: int, rate: float) -> None:
    """Give the end token this probability at every step (0: never)."""
    head = torch.nn.Linear(model.lm_head.in_features, model.lm_head.out_features, bias=True)
    torch.nn.init.zeros_(head.bias)
    head.weight.data = model.lm_head.weight.data.clone()
    head.weight.data[end] = 0
    head.bias.data[end] = math.log(rate * (head.out_features - 1) / (1 - rate)) if rate else -1e9
    model.lm_head = head


def ours(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompts: list, max_tokens: int
) -> tuple[int, float]:
    engine = LocalEngine(model, tokenizer, max_batch=len(prompts))
    requests = [Request(engine.encode(prompt), seed) for seed, prompt in enumerate(prompts)]
    start = time.perf_counter()
    responses = engine.generate(requests, Sampling(max_tokens=max_tokens))
    return sum(len(r.tokens) for r in responses), time.perf_counter() - start


def theirs(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, prompts: list, max_tokens: int
) -> tuple[int, float]:
    tokenizer.padding_side = "left"
    batch = tokenizer([prompt_text(tokenizer, p) for p in prompts], return_tensors="pt", padding=True)
    batch.pop("token_type_ids", None)
    torch.manual_seed(0)
    start = time.perf_counter()
    output = model.generate(
        **batch,
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        max_new_tokens=max_tokens,
        pad_token_id=tokenizer.pad_token_id,
    )
    seconds = time.perf_counter() - start
    responses = output[:, batch["input_ids"].shape[1] :]
    ended = (responses == tokenizer.eos_token_id).int()
    lengths = torch.where(ended.any(dim=1), ended.argmax(dim=1) + 1, responses.shape[1])
    return int(lengths.sum()), seconds


def compare(
    name: str,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    prompts: list,
    max_tokens: int,
    rounds: int,
) -> None:
    for function in (ours, theirs):
        function(model, tokenizer, prompts[:32], 16)  # warm-up
    rates: dict[str, list[float]] = {"engine": [], "generate": []}
    tokens = 0
    for _ in range(rounds):
        for label, function in (("engine", ours), ("generate", theirs)):
            tokens, seconds = function(model, tokenizer, prompts, max_tokens)
            rates[label].append(tokens / seconds)
    ratio = statistics.median(a / b for a, b in zip(rates["engine"], rates["generate"], strict=True))
    print(
        f"{name}: {len(prompts)} responses of {tokens / len(prompts):.0f} tokens on average; "
        f"engine {statistics.median(rates['engine']):,.0f} tokens/s, "
        f"model.generate {statistics.median(rates['generate']):,.0f} tokens/s, ratio {ratio:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--responses", type=int, default=512)
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    per_level = math.ceil(arguments.responses / len(HELD_OUT) / 8)
    problems = [
        p for level in HELD_OUT for p in level_problems(level, "train", per_level, 0) for _ in range(8)
    ]
    prompts = [problem.prompt for problem in problems][: arguments.responses]
    if arguments.checkpoint:
        model, tokenizer = load_checkpoint(arguments.checkpoint)
        model.eval()
        compare("checkpoint", model, tokenizer, prompts, arguments.max_tokens, arguments.rounds)
        return
    tokenizer = build_tokenizer()
    model = random_model(tokenizer)
    set_end_rate(model, tokenizer.eos_token_id, 1 / MEAN_TOKENS)
    compare("mixed lengths", model, tokenizer, prompts, arguments.max_tokens, arguments.rounds)
    set_end_rate(model, tokenizer.eos_token_id, 0.0)
    compare("equal lengths", model, tokenizer, prompts, arguments.max_tokens, arguments.rounds)


if __name__ == "__main__":
    main()

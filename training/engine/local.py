"""The in-process engine: batched sampling with any Hugging Face causal LM on CPU or one GPU."""

import inspect
from collections.abc import Callable, Mapping, Sequence

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from evals.engine import Request, Response
from evals.types import FinishReason, Message, Sampling
from training.engine.cache import SlotCache
from training.engine.randomness import uniform
from training.engine.repetition import RepeatCounter, RepeatStop
from training.prompts import encode_prompt, opening_of

COMPACT_BELOW = 0.85  # share of live rows under which finished rows are dropped from the batch


def choose_tokens(
    logits: torch.Tensor, sampling: Sampling, u: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw one token per row by inverting the cumulative distribution at `u`.

    `logits` is [rows, vocabulary], `u` [rows] in [0, 1). Returns tokens [rows] and their log-probabilities
    [rows] under the distribution drawn from (after temperature and truncation). Temperature 0 is greedy, and
    its log-probabilities are those at temperature 1.
    """
    if sampling.temperature == 0:
        logprobs = torch.log_softmax(logits, dim=-1)
        chosen = logprobs.argmax(dim=-1)
        return chosen, logprobs.gather(1, chosen[:, None])[:, 0]
    logits = logits / sampling.temperature
    if sampling.top_k:
        kept = logits.topk(min(sampling.top_k, logits.shape[-1])).values[:, -1:]
        logits = logits.masked_fill(logits < kept, -torch.inf)
    if sampling.top_p < 1:
        ordered, index = logits.softmax(dim=-1).sort(dim=-1, descending=True)
        outside = ordered.cumsum(dim=-1) - ordered >= sampling.top_p
        logits = logits.masked_fill(outside.scatter(1, index, outside), -torch.inf)
    logprobs = torch.log_softmax(logits, dim=-1)
    cumulative = logprobs.double().exp().cumsum(dim=-1)
    threshold = u[:, None] * cumulative[:, -1:]
    chosen = torch.searchsorted(cumulative, threshold, right=True).clamp(max=logits.shape[-1] - 1)
    return chosen[:, 0], logprobs.gather(1, chosen)[:, 0]


class LocalEngine:
    """Draws responses in this process (`evals.engine.Engine`).

    The weights are the engine's own copy: a trainer hands new ones over with `load_weights`. A batch keeps
    its keys and values in one preallocated cache; finished rows are dropped from it as they pile up.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        max_batch: int = 256,
        repeat_stop: RepeatStop | None = None,
    ) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.max_batch = max_batch
        self.repeat_stop = repeat_stop
        generation = model.generation_config.eos_token_id if model.generation_config else None
        ends = generation if isinstance(generation, list) else [generation, tokenizer.eos_token_id]
        self.end_tokens = sorted({int(token) for token in ends if token is not None})
        self.version = 0
        # Releases of transformers before 5.24 call the forward pass's cache by its older name.
        parameters = inspect.signature(model.forward).parameters
        self._cache_name = "cache" if "cache" in parameters else "past_key_values"

    def encode(self, prompt: Sequence[Message], prefill: str = "") -> tuple[int, ...]:
        """Token ids of a chat prompt, ready for the assistant's turn (which starts with `prefill`)."""
        return encode_prompt(self.tokenizer, prompt, prefill)

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of response tokens, without the end token."""
        kept = [token for token in tokens if token not in self.end_tokens]
        return str(self.tokenizer.decode(kept, skip_special_tokens=False))

    def load_weights(self, weights: Mapping[str, torch.Tensor], version: int) -> None:
        """Take over the trainer's weights. Raises `ValueError` when names or shapes do not fit the model."""
        own = self.model.state_dict()
        if own.keys() != weights.keys():
            odd = sorted(own.keys() ^ weights.keys())[:3]
            raise ValueError(
                f"The weights handed over do not fit the sampler's model: {', '.join(odd)} differ."
            )
        with torch.no_grad():
            for name, tensor in own.items():
                tensor.copy_(weights[name])
        self.version = version

    def generate(
        self,
        requests: Sequence[Request],
        sampling: Sampling,
        on_tokens: Callable[[int], None] | None = None,
    ) -> list[Response]:
        """One response per request, in order; see `evals.engine.Engine`."""
        responses: list[Response | None] = [None] * len(requests)
        # Long prompts and prefixes together, so that little of a batch is padding.
        order = sorted(range(len(requests)), key=lambda i: len(requests[i].prompt) + len(requests[i].prefix))
        for start in range(0, len(order), self.max_batch):
            indices = order[start : start + self.max_batch]
            for index, response in zip(
                indices,
                self._generate_batch([requests[i] for i in indices], sampling, on_tokens),
                strict=True,
            ):
                responses[index] = response
        return [response for response in responses if response is not None]

    @torch.inference_mode()
    def _generate_batch(
        self, requests: list[Request], sampling: Sampling, on_tokens: Callable[[int], None] | None
    ) -> list[Response]:
        device = self.model.device
        contexts = [request.prompt + request.prefix for request in requests]
        width = max(map(len, contexts))
        prefixes = torch.tensor([len(request.prefix) for request in requests], device=device)
        limits = torch.tensor(
            [min(sampling.max_tokens, r.max_tokens or sampling.max_tokens) for r in requests], device=device
        )
        if bool((limits <= prefixes).any()):
            raise ValueError(f"A prefix fills the {sampling.max_tokens} tokens allowed; raise max_tokens.")
        budget = int((limits - prefixes).max())
        pad = self.tokenizer.pad_token_id or 0
        context = torch.tensor([[pad] * (width - len(c)) + list(c) for c in contexts], device=device)
        mask = torch.ones((len(requests), width + budget), dtype=torch.long, device=device)
        for row, tokens in enumerate(contexts):
            mask[row, : width - len(tokens)] = 0
        seeds = torch.tensor([request.seed for request in requests], dtype=torch.long, device=device)
        ends = torch.tensor(self.end_tokens, device=device)

        cache = SlotCache(self.model.config, width + budget)
        positions = (mask[:, :width].cumsum(dim=1) - 1).clamp(min=0)
        tokens_out = torch.zeros((len(requests), budget), dtype=torch.long, device=device)
        logprobs_out = torch.zeros((len(requests), budget), dtype=torch.float32, device=device)
        lengths = torch.zeros(len(requests), dtype=torch.long, device=device)
        reasons: list[FinishReason] = ["length"] * len(requests)

        live = torch.arange(len(requests), device=device)  # batch row -> request
        running = torch.ones(len(requests), dtype=torch.bool, device=device)
        repeats = self._repeat_counter(requests, device)
        inputs, next_position = context, positions[:, -1] + 1
        reported = 0
        for step in range(budget):
            hidden = self.model(
                input_ids=inputs,
                attention_mask=mask[:, : width + step],
                position_ids=positions,
                use_cache=True,
                logits_to_keep=1,
                **{self._cache_name: cache},
            )
            u = uniform(seeds, prefixes + step)
            chosen, logprobs = choose_tokens(hidden.logits[:, -1].float(), sampling, u)
            rows = live[running]
            tokens_out[rows, step] = chosen[running]
            logprobs_out[rows, step] = logprobs[running]
            lengths[rows] += 1

            stopped = running & torch.isin(chosen, ends)
            looping = torch.zeros_like(stopped)
            if repeats is not None:
                looping = running & ~stopped & repeats.update(chosen)
            full = prefixes + step + 1 >= limits
            for flags, reason in ((stopped, "stop"), (looping, "repeat")):
                for row in live[flags].tolist():
                    reasons[row] = reason  # type: ignore[assignment]
            running = running & ~(stopped | looping | full)
            count = int(running.sum())
            if on_tokens is not None:
                total = int(lengths.sum())
                on_tokens(total - reported)
                reported = total
            if count == 0:
                break
            inputs, positions = chosen[:, None], next_position[:, None]
            if count < COMPACT_BELOW * len(running):
                keep = running.nonzero()[:, 0]
                cache.keep(keep)
                live, mask, seeds = live[keep], mask[keep], seeds[keep]
                prefixes, limits = prefixes[keep], limits[keep]
                inputs, positions, next_position = inputs[keep], positions[keep], next_position[keep]
                if repeats is not None:
                    repeats.keep(keep)
                running = running[keep]
            next_position = next_position + 1

        counts = lengths.tolist()
        drawn, drawn_logprobs = tokens_out.cpu(), logprobs_out.cpu()
        prompts = {request.prompt for request in requests}
        openings = {prompt: opening_of(self.tokenizer, prompt) for prompt in prompts}
        return [
            Response(
                tuple(drawn[i, :n].tolist()),
                tuple(drawn_logprobs[i, :n].tolist()),
                reasons[i],
                openings[requests[i].prompt],
            )
            for i, n in enumerate(counts)
        ]

    @torch.inference_mode()
    def logprobs(
        self, requests: Sequence[Request], responses: Sequence[Sequence[int]]
    ) -> list[tuple[float, ...]]:
        """log p of each token of each response under the engine's weights, at temperature 1.

        Computed by the engine's own cached steps, so that it shows what the sampler really samples from.
        """
        found = []
        for request, response in zip(requests, responses, strict=True):
            context = request.prompt + request.prefix
            cache = SlotCache(self.model.config, len(context) + len(response))
            inputs, values = torch.tensor([context], device=self.model.device), []
            for token in response:
                step = self.model(input_ids=inputs, use_cache=True, **{self._cache_name: cache})
                logits = step.logits[0, -1]
                values.append(float(torch.log_softmax(logits.float(), dim=-1)[token]))
                inputs = torch.tensor([[token]], device=self.model.device)
            found.append(tuple(values))
        return found

    def _repeat_counter(self, requests: list[Request], device: torch.device) -> RepeatCounter | None:
        """A counter that has seen the prefixes, so that a response stops where it would have in one go."""
        if self.repeat_stop is None or not self.repeat_stop.repeats:
            return None
        counter = RepeatCounter(self.repeat_stop, len(requests), device)
        longest = max(len(request.prefix) for request in requests)
        for column in range(longest, 0, -1):
            # Aligned at the end; -1 − row never equals a token and resets the runs of shorter prefixes.
            tokens = [r.prefix[-column] if len(r.prefix) >= column else -2 - column for r in requests]
            counter.update(torch.tensor(tokens, device=device))
        return counter

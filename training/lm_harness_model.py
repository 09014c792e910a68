"""lm-eval's own Hugging Face model, which also says what a response cost, and goes on where it was stopped.

Prompts, stop strings and drawing are lm-eval's, so that its figures are. (Its own cache has one key for all samples of
a prompt; here there is a file per shard of requests.)
"""

import json
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from lm_eval.api.instance import Instance
from lm_eval.models.huggingface import HFLM
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from evals.files import atomic_write_text, canonical_json, digest
from evals.lm_eval_results import Cost
from evals.seeds import derive_seed
from verifiers.thinking import opened_thinking


class HarnessModel(HFLM):
    """`HFLM` over a loaded model; call `prepare` before it answers anything.

    `costs` has the cost of each text drawn for a document, in order, by task and document.
    """

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, batch: int) -> None:
        super().__init__(pretrained=model, tokenizer=tokenizer, backend="causal", batch_size=batch)
        self.costs: dict[tuple[str, int], list[Cost]] = defaultdict(list)
        self._drawn = _Drawn()
        self.set_cache_hook(self._drawn)
        configured = model.generation_config.eos_token_id if model.generation_config else None
        ends = configured if isinstance(configured, list) else [configured]
        self._ends = {int(token) for token in (*ends, tokenizer.eos_token_id) if token is not None}

    def prepare(
        self,
        shards: Path,
        key: Mapping[str, Any],
        seed: int,
        shard_size: int,
        on_answered: Callable[[int], None] | None,
    ) -> None:
        """Say where finished shards of answers lie, and what answers follow from beside requests and `seed`.

        `on_answered` is told how many requests were answered since.
        """
        self._folder, self._key, self._seed = shards, {**key, "seed": seed}, seed
        self._on_answered, self._shard_size = on_answered, shard_size

    def loglikelihood(self, requests: list[Instance], disable_tqdm: bool = False) -> list[tuple[float, bool]]:
        """See `lm_eval.api.model.LM`."""
        compute = super().loglikelihood

        def answer(shard: list[Instance]) -> list[list[Any]]:
            return [[float(value), bool(greedy)] for value, greedy in compute(shard, disable_tqdm=True)]

        return [(value, greedy) for value, greedy in self._in_shards("loglikelihood", requests, answer)]

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """See `lm_eval.api.model.LM`."""
        draw = super().generate_until

        def answer(shard: list[Instance]) -> list[list[Any]]:
            self._drawn.clear()
            texts = draw(shard, disable_tqdm=True)
            return [[text, asdict(self._cost(one, text))] for one, text in zip(shard, texts, strict=True)]

        answers = self._in_shards("generate_until", requests, answer)
        for request, (_, cost) in zip(requests, answers, strict=True):
            self.costs[request.task_name, request.doc_id].append(Cost(**cost))
        # The prompt may have opened the model's thinking, which verifiers are to see in the text.
        return [
            opened_thinking(request.args[0]) + text
            for request, (text, _) in zip(requests, answers, strict=True)
        ]

    def _in_shards(
        self, kind: str, requests: list[Instance], answer: Callable[[list[Instance]], list[list[Any]]]
    ) -> list[list[Any]]:
        """One answer per request, from disk where its shard was finished before.

        What is drawn in a shard follows from its requests, its number and the seed alone, not from what came before.
        """
        answers: list[list[Any]] = []
        for number, start in enumerate(range(0, len(requests), self._shard_size)):
            shard = requests[start : start + self._shard_size]
            file = self._folder / f"{kind}-{number:06d}.json"
            key = digest([self._key, number, [list(request.args) for request in shard]])
            done = _stored(file, key)
            if done is None:
                torch.manual_seed(derive_seed(self._seed, "lm-eval", kind, number))
                done = answer(shard)
                atomic_write_text(file, canonical_json({"key": key, "answers": done}))
            answers += done
            if self._on_answered is not None:
                self._on_answered(len(shard))
        return answers

    def _model_generate(self, context: torch.Tensor, *args: Any, **options: Any) -> torch.Tensor:
        """Note the tokens of each row that lm-eval will make a text of."""
        drawn: torch.Tensor = super()._model_generate(context, *args, **options)
        self._drawn.rows.extend(drawn[:, context.shape[1] :].tolist())
        return drawn

    def _cost(self, request: Instance, text: str) -> Cost:
        """The tokens up to the end token or the stop string, whichever comes first.

        A row is padded after its end token, and drawn on after its stop string, until its whole batch has ended.
        """
        prompt, options = request.args
        row = self._drawn.take((prompt, options), text)
        end = next((place + 1 for place, token in enumerate(row) if token in self._ends), None)
        live = row[:end]
        until = options.get("until") or []
        stops = [stop for stop in ([until] if isinstance(until, str) else until) if stop]

        def stopped(count: int) -> bool:
            said = self.tok_decode(live[:count])
            return any(stop in said for stop in stops)

        if stops and stopped(len(live)):
            return Cost(bisect_left(range(len(live)), True, key=stopped), "stop")
        return Cost(len(live), "length" if end is None else "stop")


@dataclass
class _Drawn:
    """Which tokens each text was made of. lm-eval tells its cache of each text in the order of the rows."""

    rows: deque[list[int]] = field(default_factory=deque)
    texts: dict[tuple[str, str], list[list[int]]] = field(default_factory=lambda: defaultdict(list))

    def add_partial(self, kind: str, request: tuple[Any, ...], text: Any) -> None:
        """What lm-eval calls."""
        if kind == "generate_until":
            self.texts[repr(request), text].append(self.rows.popleft())

    def take(self, request: tuple[Any, ...], text: str) -> list[int]:
        """The tokens of a text that was drawn for a request; of equal texts, one after the other."""
        return self.texts[repr(request), text].pop(0)

    def clear(self) -> None:
        self.rows.clear()
        self.texts.clear()


def _stored(file: Path, key: str) -> list[list[Any]] | None:
    """The answers in `file`, if they were made from `key`."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found["answers"] if found["key"] == key else None

"""OpenRLHF's reward function: `--reward.remote_url reward.py`, a file that sets `reward_func`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifiers.adapters.common import failed, item_of
from verifiers.batch import judge
from verifiers.options import check_options
from verifiers.verdict import Verdict

_TAIL = 40
"""Characters of a prompt's end that are looked for where its beginning was cut off."""


def reward_function(
    kind: str = "math", *, prefill: str = "", **options: Any
) -> Callable[[Sequence[str], Sequence[str], Sequence[Any]], dict[str, Any]]:
    """A `reward_func(queries, prompts, labels)` that scores with the verifier for `kind`, called with `options`.

    `prefill` is what the prompt puts in the model's mouth, such as "<think>". OpenRLHF calls the function from
    several threads, and cannot leave a response out of the update: where the verifier failed, or the
    response cannot be told from its prompt, the reward is 0 and `verifier_failed` in its log 1. Raises
    `ValueError` for a wrong setting.
    """
    check_options(kind, options)

    def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any]) -> dict[str, Any]:
        verdicts = [
            _verdict(kind, prefill, _response(query, prompt), label, options)
            for query, prompt, label in zip(queries, prompts, labels, strict=True)
        ]
        tensor = sys.modules["torch"].tensor  # OpenRLHF expects tensors; nothing here may import torch
        scores = tensor([verdict.score for verdict in verdicts])
        failures = tensor([float(failed(verdict)) for verdict in verdicts])
        return {"rewards": scores, "scores": scores, "extra_logs": {"verifier_failed": failures}}

    return reward_func


def _response(query: str, prompt: str) -> str | None:
    """`query` without its prompt, which OpenRLHF may have cut at the beginning; None if it is not there."""
    if query.startswith(prompt):
        return query[len(prompt) :]
    _, found, response = query.partition(prompt[-_TAIL:])
    return response if found else None


def _verdict(
    kind: str, prefill: str, response: str | None, label: Any, options: Mapping[str, Any]
) -> Verdict:
    if response is None:
        return Verdict("error", 0.0, None, "extract", "The query does not contain its prompt.", kind, "")
    return judge(item_of(kind, prefill + response, label, options))

"""verl's custom reward function: `reward.custom_reward_function.path=pkg://verifiers.adapters.verl`."""

from collections.abc import Mapping
from typing import Any

from verifiers.adapters.common import failed, item_of
from verifiers.batch import judge
from verifiers.options import check_options

_NO_OPTIONS: Mapping[str, Any] = {}


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    *,
    kinds: str | Mapping[str, str] = "math",
    options: Mapping[str, Mapping[str, Any]] | None = None,
    prefill: str = "",
    reward_router_address: str | None = None,
    reward_model_tokenizer: Any = None,
) -> dict[str, Any]:
    """Score one response. `kinds`, `options` and `prefill` are set with verl's `reward_kwargs`.

    `kinds` is the kind of every answer, or maps each `data_source` to one; `options` maps kinds to their verifier's
    options; `prefill` is what the prompt puts in the model's mouth, such as "<think>". verl cannot leave a
    response out of the update, so where the verifier failed the score is 0 and `verifier_failed` 1. The
    last two parameters are what verl passes beside a reward model; they are not used. Raises `ValueError` for
    a data source without a kind and for a wrong setting.
    """
    kind = kinds if isinstance(kinds, str) else kinds.get(data_source)
    if kind is None:
        raise ValueError(f"`kinds` has no entry for the data source {data_source!r}.")
    chosen = dict((options or {}).get(kind, _NO_OPTIONS))
    check_options(kind, chosen)
    verdict = judge(item_of(kind, prefill + solution_str, ground_truth, chosen))
    return {
        "score": verdict.score,
        "acc": float(verdict.correct),
        "pred": verdict.answer or "",  # what verl counts votes by
        "status": verdict.status,
        "verifier_failed": float(failed(verdict)),
    }

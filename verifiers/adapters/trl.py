"""A reward function for TRL's trainers (`GRPOTrainer(reward_funcs=reward_function("math"))`)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from verifiers.adapters.common import failed, item_of
from verifiers.batch import verify_batch
from verifiers.options import check_options

Message = Mapping[str, Any]
Reward = Callable[..., list[float | None]]


def reward_function(
    kind: str = "math", *, reference: str = "solution", prefill: str = "", workers: int = 0, **options: Any
) -> Reward:
    """A function that scores completions with the verifier for `kind`, called with `options`.

    `reference` is the column with the right answers; `prefill` what the prompt puts in the model's mouth, such as
    "<think>"; with `workers` above 0 a batch is judged in that many processes, started for each batch. The reward
    is None, which TRL leaves out of the update, where the reference is None or the verifier failed; the share
    of the latter is logged as `verifier_failed`. Raises `ValueError` for a wrong setting or a missing column.
    """
    check_options(kind, options)

    def reward(
        prompts: Sequence[Any], completions: Sequence[str | Sequence[Message]], **columns: Any
    ) -> list[float | None]:
        if reference not in columns:
            raise ValueError(f"The data set has no column {reference!r}; it has {', '.join(columns)}.")
        references = columns[reference]
        verdicts = verify_batch(
            (
                item_of(kind, prefill + _text(completion), wanted, options)
                for completion, wanted in zip(completions, references, strict=True)
                if wanted is not None
            ),
            workers,
        )
        judged = [None if wanted is None else next(verdicts) for wanted in references]
        failures = [verdict is not None and failed(verdict) for verdict in judged]
        if failures and "log_metric" in columns:
            columns["log_metric"]("verifier_failed", sum(failures) / len(failures))
        return [
            None if verdict is None or bad else verdict.score
            for verdict, bad in zip(judged, failures, strict=True)
        ]

    reward.__name__ = f"{kind}_reward"  # the name under which TRL logs it
    return reward


def _text(completion: str | Sequence[Message]) -> str:
    """The completion's text; of a chat, that of the assistant's last message."""
    if isinstance(completion, str):
        return completion
    said = [message["content"] for message in completion if message["role"] == "assistant"]
    content = said[-1] if said else ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content or [])

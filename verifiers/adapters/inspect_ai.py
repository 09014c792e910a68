"""A scorer for inspect (`Task(scorer=verifier_scorer("math"))`)."""

from typing import Any

from anyio import to_thread
from inspect_ai.scorer import CORRECT, INCORRECT, NOANSWER, Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState

from verifiers.adapters.common import failed, item_of, judge_any
from verifiers.options import check_options

_VALUES = {"correct": CORRECT, "wrong": INCORRECT, "no_answer": NOANSWER, "truncated": NOANSWER}


@scorer(metrics=[accuracy(), stderr()])
def verifier_scorer(
    kind: str = "math", *, reference: str | None = None, prefill: str = "", **options: Any
) -> Scorer:
    """A scorer that judges with the verifier for `kind`, called with `options`.

    The reference is the sample's target (of several, any will do) or, for kinds where it is an object, JSON in
    the target or the entry `reference` of the sample's metadata. `prefill` is what the prompt puts in the model's
    mouth, such as "<think>", where inspect does not part the reasoning from the completion. A sample on which the
    verifier failed is unscored: inspect leaves it out of the metrics. The score's metadata is the verdict. Raises
    `ValueError` for a wrong setting or a missing entry.
    """
    check_options(kind, options)

    async def score(state: TaskState, target: Target) -> Score:
        if reference is not None and reference not in state.metadata:
            raise ValueError(
                f"The sample's metadata has no {reference!r}; it has {', '.join(state.metadata)}."
            )
        wanted = list(target) if reference is None else [state.metadata[reference]]
        cut = state.output.stop_reason in ("max_tokens", "model_length")
        settings = {**options, "finish_reason": "length" if cut else "stop"}
        response = prefill + state.output.completion
        items = [item_of(kind, response, one, settings) for one in wanted]
        # In a thread: a comparison may take a second, and other samples share this event loop.
        verdict = await to_thread.run_sync(judge_any, items)
        about = {"answer": verdict.answer, "explanation": verdict.reason, "metadata": verdict.to_dict()}
        if failed(verdict):
            return Score.unscored(reason="scoring_failed", **about)
        return Score(value=_VALUES[verdict.status], **about)

    return score

"""lm-eval: a `process_results` for task files. `python -m verifiers.adapters.lm_eval` prints the example's folder."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from verifiers.adapters.common import failed, item_of
from verifiers.batch import judge
from verifiers.options import check_options

Results = Callable[[Mapping[str, Any], Sequence[str | Sequence[str]]], dict[str, float]]


def results_function(
    kind: str = "math", *, reference: str = "answer", prefill: str = "", **options: Any
) -> Results:
    """A `process_results(doc, results)` that judges with the verifier for `kind`, called with `options`.

    `reference` is the field of a document with the right answer, and `prefill` what the prompt puts in the model's
    mouth, such as "<think>". The metrics are `acc` and `verifier_failed`,
    the share of answers where the verifier failed, which count as wrong. With several responses to a document
    and no filter that takes one, each is the mean over them. Raises `ValueError` for a wrong setting or a missing
    field.
    """
    check_options(kind, options)

    def process_results(doc: Mapping[str, Any], results: Sequence[str | Sequence[str]]) -> dict[str, float]:
        if reference not in doc:
            raise ValueError(f"The document has no field {reference!r}; it has {', '.join(doc)}.")
        responses = [results[0]] if isinstance(results[0], str) else results[0]
        verdicts = [judge(item_of(kind, prefill + text, doc[reference], options)) for text in responses]
        return {
            "acc": fmean(verdict.score for verdict in verdicts),
            "verifier_failed": fmean(failed(verdict) for verdict in verdicts),
        }

    return process_results


def tasks_folder() -> Path:
    """The folder of the example task, for `--include_path`."""
    return Path(__file__).with_name("lm_eval_tasks")


if __name__ == "__main__":
    print(tasks_folder())
